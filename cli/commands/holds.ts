// cordon holds list | show | renew | release
import type { HoldRow, Page } from '../../server/contract.ts';
import { connect } from '../client.ts';
import { type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { followRun } from '../follow.ts';
import { jsonText } from '../output.ts';
import { part, query, showPage, showThing, when } from '../show.ts';

export const holds: Register = (program, action) => {
  const noun = program.command('holds').description('what is contained now');
  noun
    .command('list')
    .description('whatever may still be in force')
    .option('--state <state>', 'open, active, releasing, released, foreign, debt, settled, drifted (held, but no longer in force)', 'open')
    .option('--before <id>', 'the page after this one')
    .action(action(list));
  noun.command('show <hold>').description('one entry of the ledger').action(action(show));
  noun
    .command('renew <hold>')
    .description(
      'hold it for longer; beyond what the policy says (holds: confirm_after, a week) a second person confirms with the same command within a day (exit code 1 until then)',
    )
    .requiredOption('--for <time>', 'from now on: 30m, 8h, 7d')
    .option('--reason <text>')
    .action(action(renew));
  noun
    .command('release <hold>')
    .description('let go of it, by a run of its own')
    .option('--reason <text>')
    .option('--no-follow')
    .action(action(release));
  noun
    .command('transfer <hold>')
    .description('hand it to another run: that one undoes it from then on')
    .requiredOption('--to <run>')
    .requiredOption('--reason <text>')
    .action(
      action(async (context: Context, id: string, options: { to: string; reason: string }): Promise<ExitCode> => {
        sayHold(context, await connect(context).post<HoldRow>(`/holds/${part(id)}/transfer`, { to: options.to, reason: options.reason }));
        return EXIT.yes;
      }),
    );
  noun
    .command('settle <hold>')
    .description('a debt was dealt with outside of Cordon')
    .requiredOption('--reason <text>')
    .action(
      action(async (context: Context, id: string, options: { reason: string }): Promise<ExitCode> => {
        sayHold(context, await connect(context).post<HoldRow>(`/holds/${part(id)}/settle`, { reason: options.reason }));
        return EXIT.yes;
      }),
    );
  noun
    .command('assign <hold>')
    .description('say who owes a debt')
    .requiredOption('--to <owner>', 'a person, role or team')
    .option('--reason <text>')
    .action(
      action(async (context: Context, id: string, options: { to: string; reason?: string }): Promise<ExitCode> => {
        const body = { owner: options.to, reason: options.reason ?? '' };
        sayHold(context, await connect(context).post<HoldRow>(`/holds/${part(id)}/owner`, body));
        return EXIT.yes;
      }),
    );
};

async function list(context: Context, options: { state: string; before?: string }): Promise<ExitCode> {
  const page = await connect(context).get<Page<HoldRow>>(`/holds${query({ state: options.state, before: options.before })}`);
  showPage(context, page, ['ID', 'WHAT', 'BY', 'THROUGH', 'SINCE', 'UNTIL', 'STATE'], (row) => [
    row.id,
    row.entityName,
    row.verb,
    `${row.connector}${row.simulated ? ' [simulated]' : ''}`,
    when(row.placedAt),
    row.expiresAt === undefined ? 'released' : `${when(row.expiresAt)}, then ${row.onExpiry ?? 'ask'}`,
    row.state === 'debt'
      ? `OWED by ${row.debtOwner ?? 'nobody'} since ${when(row.debtSince)}: ${row.debtReason ?? ''}`
      : row.driftedAt === undefined
        ? row.state
        : `NOT IN FORCE since ${when(row.driftedAt)}: ${row.drift ?? ''}`,
  ]);
  return EXIT.yes;
}

async function show(context: Context, id: string): Promise<ExitCode> {
  sayHold(context, await connect(context).get<HoldRow>(`/holds/${part(id)}`));
  return EXIT.yes;
}

const sayHold = (context: Context, hold: HoldRow): void =>
  showThing(context, hold, [
    ['hold', hold.id],
    ['what', `${hold.entityName} (${hold.entity})`],
    ['by', `${hold.verb} through ${hold.connector}${hold.simulated ? ' [simulated product]' : ''}`],
    ['state', hold.state],
    ['since', when(hold.placedAt)],
    ['until', hold.expiresAt === undefined ? 'released' : `${when(hold.expiresAt)}, then ${hold.onExpiry ?? 'ask'}`],
    ['renewal', hold.renewAsked && `asked by ${hold.renewAsked.by}; another person must confirm`],
    ['undo', hold.saysUndo],
    ['run', hold.runId],
    [
      'owed',
      hold.state === 'debt' ? `${hold.debtReason ?? ''} (by ${hold.debtOwner ?? 'nobody'} since ${when(hold.debtSince)})` : undefined,
    ],
    ['not in force', hold.driftedAt && `${hold.drift ?? ''} (found ${when(hold.driftedAt)})`],
  ]);

async function renew(context: Context, id: string, options: { for: string; reason?: string }): Promise<ExitCode> {
  const hold = await connect(context).post<HoldRow>(`/holds/${part(id)}/renew`, { for: options.for, reason: options.reason ?? '' });
  sayHold(context, hold);
  return hold.renewAsked === undefined ? EXIT.yes : EXIT.no;
}

async function release(context: Context, id: string, options: { reason?: string; follow: boolean }): Promise<ExitCode> {
  const client = connect(context);
  const { runId } = await client.post<{ runId: string }>(`/holds/${part(id)}/release`, { reason: options.reason ?? '' });
  context.out(context.json ? jsonText({ runId }) : `releasing by ${runId}\n`);
  return options.follow && !context.json ? await followRun(context, client, runId, 'ended') : EXIT.yes;
}
