// cordon incidents list | show
import type { IncidentDetail, IncidentRow, Page } from '../../server/contract.ts';
import { connect } from '../client.ts';
import { type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { part, query, severityWord, showPage, showThing, when } from '../show.ts';

export const incidents: Register = (program, action) => {
  const noun = program.command('incidents').description('alerts that belong together');
  noun
    .command('list')
    .description('the latest incidents')
    .option('--state <state>', 'open, closed, merged')
    .option('--before <id>', 'the page after this one')
    .action(action(list));
  noun.command('show <incident>').description('one incident with its alerts and runs').action(action(show));
};

async function list(context: Context, options: { state?: string; before?: string }): Promise<ExitCode> {
  const page = await connect(context).get<Page<IncidentRow>>(`/incidents${query({ state: options.state, before: options.before })}`);
  showPage(context, page, ['ID', 'OPENED', 'SEVERITY', 'STATE', 'ALERTS', 'RUNS', 'TITLE', 'ABOUT'], (row) => [
    row.id,
    when(row.openedAt),
    severityWord(row.severity_id),
    row.state,
    String(row.alerts),
    String(row.runs),
    row.title,
    row.entities.slice(0, 4).join(', '),
  ]);
  return EXIT.yes;
}

async function show(context: Context, id: string): Promise<ExitCode> {
  const incident = await connect(context).get<IncidentDetail>(`/incidents/${part(id)}`);
  showThing(context, incident, [
    ['incident', incident.id],
    ['title', incident.title],
    ['state', incident.state],
    ['severity', severityWord(incident.severity_id)],
    ['about', incident.entities.join(', ')],
    ...incident.alertRows.map((row): readonly [string, string] => ['alert', `${when(row.receivedAt)} ${row.title} (${row.id})`]),
    ...incident.runRows.map((row): readonly [string, string] => ['run', `${when(row.createdAt)} ${row.title}: ${row.state} (${row.id})`]),
  ]);
  return EXIT.yes;
}
