// cordon delegations list | add | end
import type { DelegationRow, Page } from '../../server/contract.ts';
import { connect } from '../client.ts';
import { type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { part, showPage, showThing, when } from '../show.ts';

interface Wish {
  readonly until: string;
  readonly from?: string;
  readonly outOfOffice?: boolean;
  readonly reason?: string;
}

export const delegations: Register = (program, action) => {
  const noun = program.command('delegations').description('who decides in your stead, and in whose you do');
  noun.command('list').description('those that are open; an admin sees everybody\u2019s').action(action(list));
  noun
    .command('add <person>')
    .description('what is put to you may be decided by them too, in their own name, for a time')
    .requiredOption('--until <instant>', 'when it is over, at most 90 days on: 2026-12-31T18:00:00Z')
    .option('--from <instant>', 'when it begins; default: now')
    .option('--out-of-office', 'reminders for you name them')
    .option('--reason <text>')
    .addHelpText(
      'after',
      '\nIt lends being asked, never a role; whoever may not decide something themselves may not do it for you either, nor the other way round.',
    )
    .action(action(add));
  noun.command('end <delegation>').description('end it now; either of the two may, and an admin').action(action(end));
};

async function list(context: Context): Promise<ExitCode> {
  const page = await connect(context).get<Page<DelegationRow>>('/delegations');
  showPage(context, page, ['ID', 'FOR', 'DECIDES', 'FROM', 'UNTIL', 'OUT OF OFFICE', 'REASON'], (row) => [
    row.id,
    row.person,
    row.delegate,
    when(row.from),
    when(row.until),
    row.outOfOffice ? 'yes' : 'no',
    row.reason,
  ]);
  return EXIT.yes;
}

async function add(context: Context, person: string, { until, from, outOfOffice, reason }: Wish): Promise<ExitCode> {
  const row = await connect(context).post<DelegationRow>('/delegations', { to: person, until, from, outOfOffice, reason });
  showThing(context, row, [
    ['delegation', row.id],
    ['decides', `${row.delegate} for ${row.person}`],
    ['from', when(row.from)],
    ['until', `${when(row.until)} UTC`],
    ['reminders', row.outOfOffice ? `to ${row.delegate}` : `to ${row.person}`],
  ]);
  return EXIT.yes;
}

async function end(context: Context, id: string): Promise<ExitCode> {
  await connect(context).post(`/delegations/${part(id)}/end`, {});
  context.out(context.json ? '{ "ended": true }\n' : `${id} is over\n`);
  return EXIT.yes;
}
