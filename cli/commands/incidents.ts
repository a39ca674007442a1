// cordon incidents list | show | evidence
import type { IncidentDetail, IncidentRow, Page } from '../../server/contract.ts';
import { connect } from '../client.ts';
import { CliError, type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { jsonText } from '../output.ts';
import { part, query, severityWord, showPage, showThing, when } from '../show.ts';
import { writeOut } from '../write-out.ts';

export const incidents: Register = (program, action) => {
  const noun = program.command('incidents').description('alerts that belong together');
  noun.command('list').description('the latest incidents').option('--before <id>', 'the page after this one').action(action(list));
  noun.command('show <incident>').description('one incident with its alerts and runs').action(action(show));
  noun
    .command('evidence <incident>')
    .description('all that is kept about one incident, signed: alerts, runs, approvals, before and after, audit')
    .option('--out <file>', 'where to write it; else it is printed')
    .addHelpText('after', '\nCheck it anywhere, without Cordon running: cordon audit verify --bundle <file> --key <public key>')
    .action(action(evidence));
};

async function evidence(context: Context, id: string, options: { out?: string }): Promise<ExitCode> {
  const pieces: Uint8Array[] = [];
  for await (const piece of await connect(context).stream(`/incidents/${part(id)}/evidence`)) pieces.push(piece);
  const text = Buffer.concat(pieces).toString('utf8');
  if (options.out === undefined) {
    if (context.json)
      throw new CliError(EXIT.wrongUse, 'OUT_MISSING', 'the bundle is NDJSON: name a file with --out, or leave --json away');
    context.out(text);
    return EXIT.yes;
  }
  writeOut(context, options.out, text);
  const lines = text.split('\n').length - 1;
  context.out(context.json ? jsonText({ file: options.out, lines }) : `${options.out}: ${lines} lines, signed\n`);
  return EXIT.yes;
}

async function list(context: Context, options: { before?: string }): Promise<ExitCode> {
  const page = await connect(context).get<Page<IncidentRow>>(`/incidents${query({ before: options.before })}`);
  showPage(context, page, ['ID', 'OPENED', 'SEVERITY', 'ALERTS', 'RUNS', 'TITLE', 'ABOUT'], (row) => [
    row.id,
    when(row.openedAt),
    severityWord(row.severity_id),
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
    ['severity', severityWord(incident.severity_id)],
    ['about', incident.entities.join(', ')],
    ...incident.alertRows.map((row): readonly [string, string] => ['alert', `${when(row.receivedAt)} ${row.title} (${row.id})`]),
    ...incident.runRows.map((row): readonly [string, string] => ['run', `${when(row.createdAt)} ${row.title}: ${row.state} (${row.id})`]),
  ]);
  return EXIT.yes;
}
