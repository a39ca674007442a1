// All of it together: real products, an installation of Cordon that is connected to them, and what tests ask both.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PRODUCT_NAMES } from '../../range/products.ts';
import { startRange } from '../../range/range.ts';
import type { RecordLine } from '../../range/record.ts';
import { rangeTokens } from '../../range/tokens.ts';
import type { AlertDetail, AlertRow, ApprovalDetail, ApprovalRow, Page, RunDetail } from '../../server/contract.ts';
import { makeInstallation } from './installation.ts';
import { CLIENT_SECRET, startKeycloak } from './keycloak-witness.ts';
import { startLossyProxy } from './lossy-proxy.ts';
import { startNetwork, WORKSTATION } from './network-witness.ts';
import { type Running, startSystem, until } from './system.ts';
import { startRequestTracker } from './tickets-witness.ts';

export type RealWorld = Awaited<ReturnType<typeof startRealWorld>>;

/** One thing that has to be ended. */
type End = () => Promise<unknown>;

export async function startRealWorld() {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-real-'));
  const ends: End[] = [async () => rmSync(folder, { recursive: true, force: true })];
  const owned = async <T extends { stop: End }>(starting: Promise<T>): Promise<T> => {
    const started = await starting;
    ends.push(started.stop);
    return started;
  };
  const close = async () => {
    for (const end of ends.reverse()) await end().catch((error: unknown) => console.error(error));
  };
  try {
    const parts = await Promise.allSettled([owned(startKeycloak()), owned(startRequestTracker()), owned(startNetwork())]);
    for (const part of parts) if (part.status === 'rejected') throw part.reason;
    const [keycloak, tickets, network] = parts.map((part) => (part.status === 'fulfilled' ? part.value : undefined)) as unknown as [
      Awaited<ReturnType<typeof startKeycloak>>,
      Awaited<ReturnType<typeof startRequestTracker>>,
      Awaited<ReturnType<typeof startNetwork>>,
    ]; // all three, as was just checked
    mkdirSync(join(folder, 'secrets'), { mode: 0o700 });
    writeFileSync(join(folder, 'secrets/keycloak'), CLIENT_SECRET, { mode: 0o600 });
    // Reputation and messages: simulated products. The ticket system's answers can be lost on their way.
    const range = await startRange({ port: 0, tokens: rangeTokens(join(folder, 'secrets'), PRODUCT_NAMES) });
    ends.push(range.close);
    const proxy = await startLossyProxy(tickets.origin);
    ends.push(proxy.close);
    const cordon = await makeInstallation(folder, {
      connectors: [
        { id: 'keycloak', type: 'keycloak', url: keycloak.url, realm: 'cordon', client: 'cordon', secret: 'file:secrets/keycloak' },
        {
          ...{ id: 'tickets', type: 'request-tracker', url: `${proxy.url}/REST/2.0`, token: `file:${tickets.tokenFile}` },
          ...{ user: 'cordon', queue: 'Security', keyField: 'Cordon Key' },
        },
        {
          ...{ id: 'router', type: 'nftables', via: 'ssh', ssh: network.ssh, table: 'cordon', set: 'isolated' },
          ...{ networks: ['10.77.1.0/24'], hosts: { 'ws-1': WORKSTATION } },
        },
        { id: 'reputation', type: 'practice-reputation', url: `${range.url}/reputation` },
        { id: 'chat', type: 'practice-chat', url: `${range.url}/chat` },
      ],
      notify: { connector: 'chat', channel: 'security' },
    });
    ends.push(cordon.stop);
    await cordon.start();
    await cordon.json('playbooks', 'mode', 'contain-compromised-account', 'act', '--reason', 'real products are met on purpose');
    const alertmanager = await owned<Running>(
      startSystem('alertmanager', {
        AM_WEBHOOK_URL: `${cordon.url}/hooks/alertmanager`,
        AM_CREDENTIALS_FILE: join(cordon.data, 'secrets/alertmanager'),
      }),
    );
    return { keycloak, tickets, network, range, proxy, cordon, alertmanager, ...asks(cordon), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What tests ask Cordon, by its command line alone. */
function asks(cordon: Awaited<ReturnType<typeof makeInstallation>>) {
  const alerts = async (): Promise<readonly AlertRow[]> => (await cordon.json<Page<AlertRow>>('alerts', 'list')).items;
  return {
    alerts,
    /** The run that an alert about this user started; its other runs are none of ours. */
    runOf: async (source: string, user: string): Promise<RunDetail> =>
      await until(`a run for an alert of ${source} about ${user}`, 60_000, async () => {
        for (const alert of await alerts()) {
          const [run] = alert.runs;
          if (alert.source !== source || run === undefined) continue;
          const detail = await cordon.json<RunDetail>('runs', 'show', run.id);
          if (JSON.stringify(detail.inputs).includes(`"${user}"`)) return detail;
        }
        return undefined;
      }),
    run: async (id: string): Promise<RunDetail> => await cordon.json<RunDetail>('runs', 'show', id),
    alert: async (id: string): Promise<AlertDetail> => await cordon.json<AlertDetail>('alerts', 'show', id),
    /** What waits for a person in this run. */
    open: async (runId: string, kind: ApprovalRow['kind']): Promise<ApprovalDetail> =>
      await until(`an open ${kind} of ${runId}`, 90_000, async () => {
        const { items } = await cordon.json<Page<ApprovalRow>>('approvals', 'list');
        const row = items.find((each) => each.runId === runId && each.kind === kind);
        return row === undefined ? undefined : await cordon.json<ApprovalDetail>('approvals', 'show', row.id);
      }),
    ended: async (runId: string): Promise<RunDetail> =>
      await until(`the end of ${runId}`, 90_000, async () => {
        const run = await cordon.json<RunDetail>('runs', 'show', runId);
        return run.endedAt === undefined ? undefined : run;
      }),
  };
}

/** Step id -> its outcome, of steps that did something. */
export const outcomes = (run: RunDetail): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(run.steps.filter((step) => step.kind === 'do').map((step) => [step.stepId, step.outcome]));

/** Messages that the messenger took, by its own record. */
export async function messages(url: string): Promise<readonly RecordLine[]> {
  const text = await (await fetch(`${url}/record`)).text();
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as RecordLine).filter((line) => line.effect === 'message'); // written by the range
}
