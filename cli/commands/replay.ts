// cordon replay: would runs that are under way go on with this build?
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Page, RunRow } from '../../server/contract.ts';
import type { Replayed } from '../../worker/replay/contract.ts';
import { type Client, connect } from '../client.ts';
import { CliError, type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { jsonText, paint, safeText } from '../output.ts';
import { askReplay, replayProgram } from '../replay-program.ts';

interface Options {
  readonly histories?: string;
  readonly save?: string;
  readonly keys?: string;
}

export const replay: Register = (program, action) => {
  program
    .command('replay')
    .summary('would open runs go on with this build?')
    .description(
      'Replays histories against the workflow of this build, before an upgrade: without --histories those of all open runs, fetched from the Temporal that is configured. Names each run that would break, and the event where. Nothing is executed and nothing is changed. Exit code 1 when one would break, or could not be read.',
    )
    .option('--histories <folder>', 'replay saved histories (.json) instead; no server is needed')
    .option('--save <folder>', 'keep the histories of the open runs there, for another build to replay')
    .option('--keys <file>', "the keyring they are encrypted with; default: the data folder's own")
    .addHelpText(
      'after',
      '\nExamples:\n  $ cordon replay\n  $ cordon replay --save histories\n  $ cordon replay --histories histories --json\n\nThe Temporal server is found as Cordon itself finds it: TEMPORAL_* variables, else the one in the data folder.',
    )
    .action(action((context: Context, options: Options) => run(context, options)));
};

async function run(context: Context, { histories, save, keys }: Options): Promise<ExitCode> {
  const folder = histories === undefined ? undefined : existing(context, histories, 'folder');
  const wish = {
    runs: folder === undefined ? await openRuns(connect(context)) : [],
    ...(folder === undefined ? {} : { histories: folder }),
    ...(save === undefined ? {} : { save: resolve(context.cwd, save) }),
    ...(keys === undefined ? {} : { keys: existing(context, keys, 'file') }),
  };
  const all: Replayed[] = [];
  for await (const one of askReplay(context, replayProgram(), wish)) {
    all.push(one);
    context.progress(`${all.length} replayed`);
  }
  context.progress('');
  return report(context, all, folder === undefined ? 'open runs' : 'histories');
}

function existing(context: Context, written: string, what: 'folder' | 'file'): string {
  const path = resolve(context.cwd, written);
  if (existsSync(path) && statSync(path).isDirectory() === (what === 'folder')) return path;
  throw new CliError(EXIT.wrongUse, 'PATH_NOT_FOUND', `there is no ${what} ${written} here`);
}

/** All of them: the API gives pages. */
async function openRuns(client: Client): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let before: string | undefined; ; ) {
    const page: Page<RunRow> = await client.get(
      `/runs?state=open&limit=200${before === undefined ? '' : `&before=${encodeURIComponent(before)}`}`,
    );
    // A run that waits for its start has no history yet, and breaks nothing.
    ids.push(...page.items.filter((run) => run.state !== 'queued').map((run) => run.id));
    if (page.next === undefined) return ids;
    before = page.next;
  }
}

function report(context: Context, all: readonly Replayed[], what: string): ExitCode {
  const count = (verdict: Replayed['verdict']) => all.filter((one) => one.verdict === verdict).length;
  const [breaks, unreadable] = [count('breaks'), count('unreadable')];
  const ok = breaks + unreadable === 0;
  if (context.json) context.out(jsonText({ ok, replays: count('replays'), breaks, unreadable, gone: count('gone'), histories: all }));
  else {
    const { red, green, dim } = paint(context.colour);
    for (const { name, verdict, why, events } of all) {
      const mark = verdict === 'replays' ? green('✓') : verdict === 'gone' ? dim('-') : red('✗');
      context.out(`${mark} ${safeText(name)}  ${verdict}${events === undefined ? '' : dim(`  ${events} events`)}\n`);
      if (why !== undefined) context.out(`    ${safeText(why)}\n`);
    }
    context.out(
      `${(ok ? green : red)(`${count('replays')} of ${all.length} ${what} replay`)}${breaks > 0 ? `, ${breaks} would break` : ''}\n`,
    );
  }
  return ok ? EXIT.yes : EXIT.no;
}
