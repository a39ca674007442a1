// cordon sources · cordon connectors
import type { ConnectorRow, Page, SourceRow } from '../../server/contract.ts';
import { connect } from '../client.ts';
import { type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { showPage, when } from '../show.ts';

export const sources: Register = (program, action) => {
  program.command('sources').description('who may post alerts, and where').action(action(listSources));
};

export const connectors: Register = (program, action) => {
  program.command('connectors').description('connected products and how they answer').action(action(listConnectors));
};

async function listSources(context: Context): Promise<ExitCode> {
  const page = await connect(context).get<Page<SourceRow>>('/sources');
  showPage(context, page, ['SOURCE', 'TYPE', 'POST TO', 'ALERTS', 'QUARANTINED', 'LAST'], (row) => [
    row.name,
    row.type,
    row.path,
    String(row.alerts),
    String(row.quarantined),
    when(row.lastSeenAt),
  ]);
  return EXIT.yes;
}

/** Exit code 1 when one does not answer. */
async function listConnectors(context: Context): Promise<ExitCode> {
  const page = await connect(context).get<Page<ConnectorRow>>('/connectors');
  showPage(context, page, ['CONNECTOR', 'PRODUCT', 'STATE', 'CHECKED', 'VERBS'], (row) => [
    row.id,
    `${row.title}${row.simulated ? ' [SIMULATED]' : ''}`,
    row.detail === undefined ? row.state : `${row.state}: ${row.detail}`,
    when(row.checkedAt),
    row.verbs.join(', '),
  ]);
  return page.items.some((row) => row.state === 'failed') ? EXIT.no : EXIT.yes;
}
