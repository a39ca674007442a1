// cordon undo: a step, a run, an entity or an incident. Also behind `cordon runs undo`.
import type { Command } from 'commander';
import type { UndoPreview, UndoScope } from '../../server/contract.ts';
import { connect } from '../client.ts';
import { CliError, type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { followRun } from '../follow.ts';
import { jsonText, safeText } from '../output.ts';
import { query } from '../show.ts';

export interface UndoOptions {
  readonly preview?: boolean;
  /** Of a preview that was read earlier. */
  readonly digest?: string;
  /** Whatever is held by then. */
  readonly yes?: boolean;
  readonly follow: boolean;
  readonly reason?: string;
}

/** What `cordon undo` and `cordon runs undo` share. */
export const withUndoOptions = (command: Command): Command =>
  command
    .option('--preview', 'only show it')
    .option(
      '--digest <digest>',
      'what you have read (--preview); default: what would be undone now, which is shown, and asked about on a terminal',
    )
    .option('--yes', 'whatever is held by then, without showing it or asking first')
    .option('--no-follow', 'do not wait for its end')
    .option('--reason <text>');

export const undo: Register = (program, action) => {
  const command = program
    .command('undo')
    .description('undo what was done to one thing, in one incident, by one run or step; shows what that is first')
    .option('--entity <name>', 'host:wks-007, or the exact name of what is held')
    .option('--incident <incident>')
    .option('--run <run>')
    .option('--step <step>', 'of the run');
  withUndoOptions(command)
    .addHelpText('after', '\nExample: cordon undo --entity wks-007 --preview')
    .action(
      action((context: Context, options: UndoOptions & UndoScope) => {
        const { entity, incident, run, step } = options;
        if ([entity, incident, run].filter((one) => one !== undefined).length !== 1)
          throw new CliError(EXIT.wrongUse, 'WHICH_UNDO', 'name one of --entity, --incident and --run');
        return undoScope(context, { entity, incident, run, step }, options);
      }),
    );
};

export async function undoScope(context: Context, scope: UndoScope, options: UndoOptions): Promise<ExitCode> {
  const client = connect(context);
  const preview = options.yes && !options.preview ? undefined : await client.get<UndoPreview>(`/undo${query({ ...scope })}`);
  if (preview && !context.json) sayPreview(context, preview);
  if (preview && (options.preview || preview.will.length + preview.stays.length === 0)) {
    if (context.json) context.out(jsonText(preview));
    else if (options.preview) context.out(`digest:  ${preview.digest}\n`);
    return options.preview ? EXIT.yes : EXIT.no;
  }
  const asks = preview !== undefined && options.digest === undefined && !context.json;
  if (asks && context.askYes && !(await context.askYes('Undo this?'))) {
    context.err('nothing was undone\n');
    return EXIT.no;
  }
  const body = { ...scope, digest: options.digest ?? preview?.digest, reason: options.reason ?? '' };
  const { runs } = await client.post<{ runs: readonly string[] }>('/undo', body);
  if (context.json) context.out(jsonText({ runs, preview }));
  else context.out(`undo is ${runs.join(', ')}\n`);
  if (!options.follow || context.json) return EXIT.yes;
  let worst: ExitCode = EXIT.yes;
  for (const run of runs) if ((await followRun(context, client, run, 'ended')) !== EXIT.yes) worst = EXIT.no;
  return worst;
}

function sayPreview(context: Context, preview: UndoPreview): void {
  for (const one of preview.will) context.out(`will:    ${safeText(one.says)}\n`);
  for (const one of preview.stays) context.out(`stays:   ${safeText(one.why)}\n`);
  for (const one of preview.cannot) context.out(`cannot:  ${safeText(one.says)} (${safeText(one.why)})\n`);
  if (preview.will.length + preview.stays.length === 0) context.out('nothing of it is held, so there is nothing to undo\n');
}
