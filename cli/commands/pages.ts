// cordon pages list | ack | resolve
import type { Page, PageRow } from '../../server/contract.ts';
import { connect } from '../client.ts';
import { type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { part, query, showPage, showThing, when } from '../show.ts';

export const pages: Register = (program, action) => {
  const noun = program.command('pages').description('what people were woken for, and whether it reached them');
  noun
    .command('list')
    .description('newest first')
    .option('--state <state>', 'open, acknowledged or resolved')
    .addHelpText('after', '\nExample: cordon pages list --state open\n\nWhat to do about each code: docs/pages.md')
    .action(action(list));
  noun
    .command('ack <page>')
    .description('you have it: pagers stop waking others')
    .action(action((context: Context, id: string) => change(context, id, 'acknowledge')));
  noun
    .command('resolve <page>')
    .description('it is over, at the pagers too')
    .action(action((context: Context, id: string) => change(context, id, 'resolve')));
};

async function list(context: Context, options: { state?: string }): Promise<ExitCode> {
  const page = await connect(context).get<Page<PageRow>>(`/pages${query({ state: options.state })}`);
  showPage(context, page, ['ID', 'RAISED', 'STATE', 'CODE', 'REACHED', 'NOT', 'MESSAGE'], (row) => [
    row.id,
    when(row.raisedAt),
    row.critical ? `${row.state}, critical` : row.state,
    row.code,
    row.reached.join(', ') || (row.recipients.length === 0 ? 'nobody is named' : '-'),
    row.failing.join(', ') || '-',
    row.message.split('\n')[0] ?? '',
  ]);
  return EXIT.yes;
}

async function change(context: Context, id: string, way: 'acknowledge' | 'resolve'): Promise<ExitCode> {
  const row = await connect(context).post<PageRow>(`/pages/${part(id)}/${way}`, {});
  showThing(context, row, [
    ['page', row.id],
    ['code', row.code],
    ['state', row.state],
    ['raised', when(row.raisedAt)],
    ['for', row.recipients.join(', ') || 'nobody is named to be woken'],
    ['reached', row.reached.join(', ')],
    ['message', row.message],
  ]);
  return EXIT.yes;
}
