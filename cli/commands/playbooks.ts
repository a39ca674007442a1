// cordon playbooks list | publish | mode | would
import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { Diagnostic } from '../../language/diagnostics.ts';
import { readPlaybookBeside } from '../../language/read-beside.ts';
import type { Page, PlaybookRow, WouldHave } from '../../server/contract.ts';
import { connect } from '../client.ts';
import { CliError, type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { jsonText, safeText } from '../output.ts';
import { findPlaybooks } from '../playbook-files.ts';
import { part, query, showPage, when } from '../show.ts';
import { wouldWords } from '../would-have.ts';

export const playbooks: Register = (program, action) => {
  const noun = program.command('playbooks').description('what is published');
  noun.command('list').description('published playbooks, and files that are not good now').action(action(list));
  noun.command('publish <file>').description('check a file and publish it').action(action(publish));
  noun
    .command('mode <playbook> <mode>')
    .description('observe: only say what it would do · ask: every effect is approved · act: as it and policy say')
    .requiredOption('--reason <text>')
    .action(action(mode));
  noun
    .command('would <playbook>')
    .description('what it would have done while it only observed, and what policy would have said')
    .option('--days <days>', 'looking back', '14')
    .action(action(would));
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

async function mode(context: Context, playbook: string, wanted: string, options: { reason: string }): Promise<ExitCode> {
  const body = { mode: wanted, reason: options.reason };
  const seen = await connect(context).post<WouldHave>(`/playbooks/${part(playbook)}/mode`, body);
  context.out(
    context.json ? jsonText({ playbook, mode: wanted }) : `${safeText(playbook)}: ${safeText(wanted)} from now on\n${show(seen)}`,
  );
  return EXIT.yes;
}

async function would(context: Context, playbook: string, options: { days: string }): Promise<ExitCode> {
  const seen = await connect(context).get<WouldHave>(`/playbooks/${part(playbook)}/would${query({ days: options.days })}`);
  context.out(context.json ? jsonText(seen) : show(seen));
  return EXIT.yes;
}

const show = (seen: WouldHave): string =>
  wouldWords(seen)
    .split('\n')
    .map((line) => `${safeText(line)}\n`)
    .join('');

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
