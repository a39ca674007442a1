// cordon oncall list
import type { OnCallRow, Page } from '../../server/contract.ts';
import { connect } from '../client.ts';
import { type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { showPage, when } from '../show.ts';

export const oncall: Register = (program, action) => {
  const noun = program.command('oncall').description('who is on call');
  noun.command('list').description('now, rota by rota; "stale": what a product said last, which does not answer').action(action(list));
};

async function list(context: Context): Promise<ExitCode> {
  const page = await connect(context).get<Page<OnCallRow>>('/oncall');
  showPage(context, page, ['ROTA', 'PEOPLE', 'READ', 'STATE'], (row) => [
    row.rota,
    row.people.join(', ') || 'nobody',
    row.readAt === undefined ? '-' : when(row.readAt),
    row.isStale ? `stale: ${row.error ?? ''}` : 'ok',
  ]);
  return EXIT.yes;
}
