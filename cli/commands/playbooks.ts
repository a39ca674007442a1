// cordon playbooks list | publish
import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { Diagnostic } from '../../language/diagnostics.ts';
import { readPlaybookBeside } from '../../language/read-beside.ts';
import type { Page, PlaybookRow } from '../../server/contract.ts';
import { connect } from '../client.ts';
import { CliError, type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { jsonText, safeText } from '../output.ts';
import { findPlaybooks } from '../playbook-files.ts';
import { showPage, when } from '../show.ts';

export const playbooks: Register = (program, action) => {
  const noun = program.command('playbooks').description('what is published');
  noun.command('list').description('published playbooks, and files that are not good now').action(action(list));
  noun.command('publish <file>').description('check a file and publish it').action(action(publish));
};

async function list(context: Context): Promise<ExitCode> {
  const page = await connect(context).get<Page<PlaybookRow>>('/playbooks');
  showPage(context, page, ['PLAYBOOK', 'VERSION', 'MODE', 'PUBLISHED', 'TITLE', 'FAULT'], (row) => [
    row.playbook,
    String(row.version),
    row.mode,
    when(row.publishedAt),
    row.title,
    row.fault?.diagnostics.map((one) => `${one.code} at line ${one.line}: ${one.message}`).join('; ') ?? '',
  ]);
  return page.items.some((row) => row.fault !== undefined) ? EXIT.no : EXIT.yes;
}

interface Published {
  readonly playbook: string;
  readonly version: number;
  readonly unchanged: boolean;
}

async function publish(context: Context, file: string): Promise<ExitCode> {
  const source = readFile(context, file);
  const path = relative(context.cwd, resolve(context.cwd, file))
    .replace(/[^A-Za-z0-9_./-]/g, '_')
    .slice(-200);
  const { plan, diagnostics } = readPlaybookBeside({ text: source, file: path }, findPlaybooks([file], context.cwd)[0]?.beside ?? []);
  if (!plan) return refuse(context, diagnostics);
  const answer = await connect(context).post<Published>('/playbooks', { source, path });
  const what = answer.unchanged ? 'is published already as' : 'is now';
  context.out(context.json ? jsonText(answer) : `${safeText(answer.playbook)} ${what} version ${answer.version}\n`);
  return EXIT.yes;
}

function refuse(context: Context, diagnostics: readonly Diagnostic[]): ExitCode {
  if (context.json) context.out(jsonText({ published: false, diagnostics }));
  else for (const one of diagnostics) context.err(`${safeText(`${one.file}:${one.line}:${one.column} ${one.code} ${one.message}`)}\n`);
  return EXIT.no;
}

function readFile(context: Context, file: string): string {
  try {
    return readFileSync(resolve(context.cwd, file), 'utf8');
  } catch {
    throw new CliError(EXIT.wrongUse, 'NO_FILE', `${file} cannot be read`);
  }
}
