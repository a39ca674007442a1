// cordon playbooks list | show | publish | rollback | diff | mode | would
import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Diagnostic } from '../../language/diagnostics.ts';
import { readPlaybookBeside } from '../../language/read-beside.ts';
import type { Page, PlaybookRow, WouldHave } from '../../server/contract.ts';
import { connect } from '../client.ts';
import { CliError, type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { jsonText, safeText } from '../output.ts';
import { findPlaybooks } from '../playbook-files.ts';
import { part, query, showPage, when } from '../show.ts';
import { wouldWords } from '../would-have.ts';
import { diff, observesWords, publishVersion, rollback, show } from './versions.ts';

export const playbooks: Register = (program, action) => {
  const noun = program.command('playbooks').description('what is published');
  noun.command('list').description('published playbooks, and files that are not good now').action(action(list));
  noun
    .command('show <playbook>')
    .description('what is in force, and its versions with what each changed')
    .option('--source', 'its text')
    .action(action(show));
  noun
    .command('publish <file>')
    .description('check a file (or its folder) and publish it; or <playbook>@<version>: put a draft in force')
    .option('--draft', 'keep it as a draft: checked, and not in force')
    .option('--reason <text>')
    .action(action(publish));
  noun
    .command('rollback <playbook>')
    .description('put the version before in force again; runs that are under way keep theirs')
    .option('--to <version>', 'this one')
    .option('--reason <text>')
    .action(action(rollback));
  noun
    .command('diff <playbook>')
    .description(
      'what changes for the world, of a stored playbook or of a file: effects, approvals, holds, questions, starts; exit code 1 when something does',
    )
    .option('--from <version>', 'default: what is in force')
    .option('--to <version>', 'default: the newest')
    .addHelpText(
      'after',
      '\nExamples:\n  $ cordon playbooks diff playbooks/malware-on-host/playbook.yaml\n  $ cordon playbooks diff malware-on-host --from 3 --to 5\n',
    )
    .action(action(diff));
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
    row.version === 0 && row.draft !== undefined ? `draft ${row.draft}` : String(row.version),
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
    context.json ? jsonText({ playbook, mode: wanted }) : `${safeText(playbook)}: ${safeText(wanted)} from now on\n${seenWords(seen)}`,
  );
  return EXIT.yes;
}

async function would(context: Context, playbook: string, options: { days: string }): Promise<ExitCode> {
  const seen = await connect(context).get<WouldHave>(`/playbooks/${part(playbook)}/would${query({ days: options.days })}`);
  context.out(context.json ? jsonText(seen) : seenWords(seen));
  return EXIT.yes;
}

const seenWords = (seen: WouldHave): string =>
  wouldWords(seen)
    .split('\n')
    .map((line) => `${safeText(line)}\n`)
    .join('');

interface Published {
  readonly playbook: string;
  readonly version: number;
  readonly unchanged: boolean;
}

async function publish(context: Context, given: string, options: { draft?: boolean; reason?: string }): Promise<ExitCode> {
  const stored = /^([a-z][a-z0-9-]*)@(\d+)$/.exec(given);
  if (stored?.[1] !== undefined && stored[2] !== undefined)
    return await publishVersion(context, stored[1], stored[2], options.reason ?? '');
  // A playbook's folder stands for it, as in every other command.
  const file = existsSync(resolve(context.cwd, given, 'playbook.yaml')) ? join(given, 'playbook.yaml') : given;
  const source = readFile(context, file);
  const path = relative(context.cwd, resolve(context.cwd, file))
    .replace(/[^A-Za-z0-9_./-]/g, '_')
    .slice(-200);
  const { plan, diagnostics } = readPlaybookBeside({ text: source, file: path }, findPlaybooks([file], context.cwd)[0]?.beside ?? []);
  if (!plan) return refuse(context, diagnostics);
  const client = connect(context);
  const answer = await client.post<Published>('/playbooks', { source, path, ...(options.draft ? { draft: true } : {}) });
  const what = options.draft ? 'is kept as the draft' : answer.unchanged ? 'is published already as' : 'is now';
  context.out(context.json ? jsonText(answer) : `${safeText(answer.playbook)} ${what} version ${answer.version}\n`);
  if (!context.json && !options.draft) context.out(await observesWords(client, answer.playbook));
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
    throw new CliError(EXIT.wrongUse, 'NO_FILE', `${file} cannot be read`, 'name a playbook.yaml, its folder, or <playbook>@<version>');
  }
}
