// cordon schedules list | pause | resume
import type { Page, ScheduleRow } from '../../server/contract.ts';
import { connect } from '../client.ts';
import { type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { jsonText, safeText } from '../output.ts';
import { part, showPage, when } from '../show.ts';

export const schedules: Register = (program, action) => {
  const noun = program.command('schedules').description('what starts by the clock');
  noun.command('list').description('every schedule of a published playbook, and how it last came round').action(action(list));
  for (const change of ['pause', 'resume'] as const) {
    noun
      .command(`${change} <schedule>`)
      .description(
        change === 'pause' ? 'start nothing by it until it is resumed' : 'let it go on; what came round meanwhile is not made up for',
      )
      .option('--reason <text>')
      .action(action((context: Context, id: string, options: { reason?: string }) => turn(context, id, change, options)));
  }
};

async function list(context: Context): Promise<ExitCode> {
  const page = await connect(context).get<Page<ScheduleRow>>('/schedules');
  showPage(context, page, ['SCHEDULE', 'WHEN', 'ZONE', 'OVERLAP', 'STATE', 'LAST', 'WHAT'], (row) => [
    row.id,
    row.cron,
    row.timezone,
    row.overlap,
    row.fault === undefined ? (row.paused ? 'paused' : 'on') : `fault: ${row.fault}`,
    row.last ? when(row.last.at) : '',
    row.last ? `${row.last.state}: ${row.last.runId ?? row.last.reason}` : '',
  ]);
  return page.items.some((row) => row.fault !== undefined) ? EXIT.no : EXIT.yes;
}

async function turn(context: Context, id: string, change: 'pause' | 'resume', options: { reason?: string }): Promise<ExitCode> {
  const row = await connect(context).post<ScheduleRow>(`/schedules/${id.split('/').map(part).join('/')}/${change}`, {
    reason: options.reason ?? '',
  });
  context.out(context.json ? jsonText(row) : `${safeText(row.id)} is ${row.paused ? 'paused' : 'on'}\n`);
  return EXIT.yes;
}
