// cordon doctor: is everything as it should be, and what to do where it is not.
import type { ConnectorRow, Me, Now, Page, PlaybookRow } from '../../server/contract.ts';
import { type Client, connect, request } from '../client.ts';
import { CliError, type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { jsonText, paint, safeText } from '../output.ts';

interface Finding {
  readonly ok: boolean;
  readonly what: string;
  readonly hint?: string;
}

export const doctor: Register = (program, action) => {
  program
    .command('doctor')
    .description('look for what is wrong; exit code 1 when something is, 3 when nothing answers')
    .action(action(examine));
};

async function examine(context: Context): Promise<ExitCode> {
  const client = connect(context);
  const findings = [await ready(client), ...(await inside(client))];
  const { green, red } = paint(context.colour);
  if (context.json) context.out(jsonText({ ok: findings.every((one) => one.ok), findings }));
  else
    for (const one of findings) {
      context.out(
        `${one.ok ? green('ok ') : red('NO ')} ${safeText(one.what)}${one.ok || one.hint === undefined ? '' : `\n    ${safeText(one.hint)}`}\n`,
      );
    }
  return findings.every((one) => one.ok) ? EXIT.yes : EXIT.no;
}

/** A server that is there but not ready is a finding; one that is not there ends the command. */
async function ready(client: Client): Promise<Finding> {
  await request(`${client.url}/healthz`, {});
  try {
    await request(`${client.url}/readyz?for=runs`, {});
    return { ok: true, what: `${client.url} is ready` };
  } catch (error) {
    return { ok: false, what: `${client.url} is not ready: ${error instanceof CliError ? error.message : String(error)}` };
  }
}

async function inside(client: Client): Promise<readonly Finding[]> {
  const me = await client.get<Me>('/me');
  const now = await client.get<Now>('/now');
  const connectors = (await client.get<Page<ConnectorRow>>('/connectors')).items;
  const playbooks = (await client.get<Page<PlaybookRow>>('/playbooks')).items;
  const failed = connectors.filter((row) => row.state === 'failed');
  const unasked = connectors.filter((row) => row.state === 'unknown').map((row) => row.id);
  const answering = connectors.length - failed.length - unasked.length;
  const faulty = playbooks.filter((row) => row.fault !== undefined);
  const check = (ok: boolean, good: string, bad: string, hint: string): Finding => ({ ok, what: ok ? good : bad, hint });
  return [
    { ok: true, what: `signed in as ${me.name} (${me.role})` },
    check(
      failed.length === 0,
      `${answering === 1 ? '1 connector answers' : `${answering} connectors answer`}${unasked.length > 0 ? `, not asked yet: ${unasked.join(', ')}` : ''}`,
      `connectors fail: ${failed.map((row) => `${row.id} (${row.detail ?? ''})`).join(', ')}`,
      'cordon connectors',
    ),
    check(
      faulty.length === 0,
      `${playbooks.length} playbooks are good`,
      `faulty: ${faulty.map((row) => row.path).join(', ')}`,
      'cordon playbooks list; their last good versions stay published',
    ),
    check(
      !now.freeze.on && now.freeze.parts.length === 0,
      'not frozen',
      `frozen: ${now.freeze.reason ?? now.freeze.parts.map((one) => `${one.verb ?? 'everything'} (${one.reason})`).join(', ')}`,
      'cordon freeze status; two people lift it: cordon freeze off --reason …',
    ),
    check(
      now.quarantined === 0,
      'no alert is quarantined',
      `${now.quarantined} alerts are quarantined`,
      'cordon alerts list --state quarantined',
    ),
    check(
      now.undeliverable === 0,
      'everything could be delivered',
      `${now.undeliverable} deliveries were given up`,
      'the audit log names them: cordon audit list --stream admin',
    ),
    check(
      !now.undelivered.wakesNobody,
      'somebody is woken when a person is needed',
      'nobody is woken: no pages:, notify: or channels: are configured',
      'write pages: { to: [{ connector: …, to: … }] } into cordon.yaml; until then what needs a person only stands in the console',
    ),
    check(
      now.undelivered.pages === 0 && now.undelivered.channels.length === 0,
      'people can be reached',
      `${now.undelivered.pages} pages have reached nobody; ${now.undelivered.channels.map((one) => `${one.connector} ${one.recipient} does not take ${one.count} messages (${one.error ?? ''})`).join('; ')}`,
      'cordon pages list --state open; mend the connector that is named, nothing is lost meanwhile',
    ),
    check(
      now.totals.drifted === 0,
      'what is held is in force',
      `${now.totals.drifted} holds are no longer in force at the product`,
      'cordon holds list --state drifted',
    ),
    check(now.totals.debts === 0, 'nothing is owed', `${now.totals.debts} effects could not be undone`, 'cordon holds list --state debt'),
    check(now.totals.lostRuns === 0, 'no run is lost', `${now.totals.lostRuns} runs are lost`, 'cordon runs list --state lost'),
  ];
}
