// cordon runs list | start | show | cancel | undo
import { own } from '../../language/own.ts';
import type { Page, PlaybookRow, RunDetail, RunRow, WaitingRun } from '../../server/contract.ts';
import { pairsOf, parseMap } from '../answers.ts';
import { connect } from '../client.ts';
import { type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { followRun } from '../follow.ts';
import { jsonText, safeText } from '../output.ts';
import { part, policyWords, query, severityWord, showPage, showThing, stepWords, when } from '../show.ts';
import { type UndoOptions, undoScope, withUndoOptions } from './undo.ts';

export const runs: Register = (program, action) => {
  const noun = program.command('runs').description('playbooks at work');
  noun
    .command('list')
    .description('the latest runs')
    .option('--state <state>', 'open, or one state such as waiting, completed, failed, lost')
    .option('--playbook <name>')
    .option('--before <id>', 'the page after this one')
    .action(action(list));
  noun
    .command('start <playbook>')
    .description('start a playbook by hand')
    .option('--with <pairs...>', 'its inputs as name=value; several values of a list with a comma between them')
    .option('--inputs <json>', 'its inputs as a JSON object')
    .option('--reason <text>')
    .option('--no-follow', 'do not wait for its end')
    .addHelpText('after', '\nExample:\n  $ cordon runs start contain-compromised-account --with user=eve@example.com ip=203.0.113.7\n')
    .action(action(start));
  noun.command('show <run>').description('one run, step by step').option('--follow', 'until it has ended').action(action(show));
  noun
    .command('stuck')
    .description('what waits past its time (exit code 1), and with --all everything that waits: on whom, until when, and what happens then')
    .option('--all', 'everything that waits')
    .action(action(stuck));
  noun.command('cancel <run>').description('stop it; what it holds stays held').option('--reason <text>').action(action(cancel));
  noun
    .command('signal <run> <event>')
    .description('post an event that the run waits for, or will')
    .option('--data <json>', 'what the step that waits gets as its answer')
    .action(action(signal));
  withUndoOptions(
    noun.command('undo <run>').description('undo what it did; shows what that is first').option('--step <step>', 'only this step of it'),
  ).action(
    action((context: Context, run: string, options: UndoOptions & { readonly step?: string }) =>
      undoScope(context, { run, step: options.step }, options),
    ),
  );
};

interface StartOptions {
  readonly with?: readonly string[];
  readonly inputs?: string;
  readonly reason?: string;
  readonly follow: boolean;
}

async function start(context: Context, playbook: string, options: StartOptions): Promise<ExitCode> {
  const client = connect(context);
  const given = options.inputs === undefined ? {} : parseMap(options.inputs);
  const { inputs = {} } = await client.get<PlaybookRow>(`/playbooks/${part(playbook)}`);
  const hint = `its inputs: ${Object.keys(inputs).join(', ') || 'none'}`;
  const typed = Object.entries(pairsOf(options.with ?? [], hint)).map(([name, value]) => [
    name,
    own(inputs, name)?.list === true ? String(value).replaceAll(',', '\n') : value,
  ]);
  const body = { inputs: { ...given, ...Object.fromEntries(typed) }, reason: options.reason ?? '' };
  const { runId } = await client.post<{ runId: string }>(`/playbooks/${part(playbook)}/runs`, body);
  context.out(context.json ? jsonText({ runId }) : `started ${runId}: ${client.url}/runs/${runId}\n`);
  return options.follow && !context.json ? await followRun(context, client, runId, 'ended') : EXIT.yes;
}

async function list(context: Context, options: { state?: string; playbook?: string; before?: string }): Promise<ExitCode> {
  const page = await connect(context).get<Page<RunRow>>(
    `/runs${query({ state: options.state, playbook: options.playbook, before: options.before })}`,
  );
  showPage(context, page, ['ID', 'CREATED', 'SEVERITY', 'STATE', 'HELD', 'TITLE', 'WAITS FOR'], (row) => [
    row.id,
    when(row.createdAt),
    severityWord(row.severity_id),
    row.outcome && row.outcome !== row.state ? `${row.state} (${row.outcome})` : row.state,
    String(row.activeHolds),
    row.title,
    row.waiting ? `${row.waiting.on}: ${row.waiting.detail}` : '',
  ]);
  return EXIT.yes;
}

async function show(context: Context, id: string, options: { follow?: boolean }): Promise<ExitCode> {
  const client = connect(context);
  const run = await client.get<RunDetail>(`/runs/${part(id)}`);
  showThing(context, run, [
    ['run', run.id],
    ['title', run.title],
    ['playbook', run.playbook],
    ['state', run.outcome && run.outcome !== run.state ? `${run.state} (${run.outcome})` : run.state],
    ['why', run.reason],
    ['waits for', run.waiting && `${run.waiting.on}: ${run.waiting.detail}`],
    ['error', run.error?.message],
    ...(options.follow
      ? []
      : run.steps.map((step): readonly [string, string] => [
          when(step.endedAt ?? step.startedAt),
          `${stepWords(step)}${policyWords(step)}`,
        ])),
    ...run.holds.map((hold): readonly [string, string] => ['held', `${hold.entityName} by ${hold.verb}: ${hold.state} (${hold.id})`]),
  ]);
  return options.follow && !context.json ? await followRun(context, client, id, 'ended') : EXIT.yes;
}

async function stuck(context: Context, options: { all?: boolean }): Promise<ExitCode> {
  const page = await connect(context).get<Page<WaitingRun>>(`/runs/waiting${query({ overdue: options.all ? undefined : 'true' })}`);
  showPage(context, page, ['RUN', 'SEVERITY', 'PAST ITS TIME', 'WAITS FOR', 'SINCE', 'UNTIL', 'THEN', 'TITLE', 'STEP'], (row) => [
    row.run,
    severityWord(row.severity_id),
    row.overdue ? 'YES' : 'no',
    `${row.on}: ${row.whom}`,
    when(row.since),
    when(row.until),
    row.then,
    row.title,
    row.detail,
  ]);
  return page.items.some((row) => row.overdue) ? EXIT.no : EXIT.yes;
}

async function cancel(context: Context, id: string, options: { reason?: string }): Promise<ExitCode> {
  const answer = await connect(context).post<{ runId: string }>(`/runs/${part(id)}/cancel`, { reason: options.reason ?? '' });
  context.out(context.json ? jsonText(answer) : `cancelling ${answer.runId}; what it holds stays held\n`);
  return EXIT.yes;
}

async function signal(context: Context, id: string, event: string, options: { data?: string }): Promise<ExitCode> {
  const data = options.data === undefined ? {} : { data: readJson(options.data) };
  const answer = await connect(context).post<{ runId: string; event: string }>(`/runs/${part(id)}/events`, { event, ...data });
  context.out(context.json ? jsonText(answer) : `posted ${safeText(answer.event)} to ${answer.runId}\n`);
  return EXIT.yes;
}

/** Text that is no JSON is meant as text: `--data done`. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
