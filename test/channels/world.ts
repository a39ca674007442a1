// Slack, Teams and PagerDuty of the practice range, a mail server, a store: everything that a message goes through, without a clock that runs.
import type { AddressInfo } from 'node:net';
import { sql } from 'kysely';
import type { Channel } from '../../channels/channel.ts';
import type { ChannelDeps } from '../../channels/deps.ts';
import { type Messenger, startMessenger } from '../../channels/messenger.ts';
import { oweApprovalMessages } from '../../channels/owe.ts';
import { ports } from '../../connectors/ports.ts';
import { type OpenConnectors, openConnectors } from '../../connectors/registry.ts';
import type { Directory } from '../../policy/addressed.ts';
import { type Range, startRange } from '../../range/range.ts';
import type { RecordLine } from '../../range/record.ts';
import type { Store } from '../../store/store.ts';
import { type Heard, smtpServer } from '../connectors/fakes/smtp-server.ts';

/** Made up. */
const TOKEN = 'made-up-token-of-every-product';
export const CONSOLE = 'https://cordon.example.test';
/** No timer of its own comes round within a test. */
const NEVER_MS = 3_600_000;

export interface World {
  readonly store: Store;
  readonly connectors: OpenConnectors;
  readonly range: Range;
  readonly heard: Heard;
  /** What the mail server answers, by command word. */
  readonly mailAnswers: Record<string, string>;
  readonly deps: ChannelDeps;
  /** Of everything that is not the store's own clock. */
  readonly clock: { now: Date };
  /** Owes what the outbox would have, and delivers it. */
  readonly ask: (approvalId: string, payload?: object) => Promise<void>;
  /** Everything that waits for a later time is due now, and dealt with by a messenger that has just started. */
  readonly later: () => Promise<void>;
  readonly record: () => Promise<readonly RecordLine[]>;
  readonly fault: (fault: object) => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function openWorld(
  store: Store,
  channels: readonly Channel[],
  pages: ChannelDeps['pages'] = { to: [], otherwise: [] },
  groups: Directory['groups'] = {},
): Promise<World> {
  const products = ['slack', 'teams', 'pagerduty', 'chat'];
  const range = await startRange({ port: 0, tokens: Object.fromEntries(products.map((name) => [name, TOKEN])), env: {} });
  const heard: Heard = { commands: [], mails: [] };
  const mailAnswers: Record<string, string> = {};
  const mail = smtpServer(mailAnswers, heard);
  await new Promise<void>((resolve) => mail.listen(0, '127.0.0.1', resolve));
  const { port } = mail.address() as AddressInfo; // a TCP server
  const at = (path: string) => ({ url: `${range.url}/${path}`, token: 'env:TOKEN', timeoutMs: 1_500 });
  const connectors = openConnectors(
    [
      { id: 'slack', type: 'slack', signing_secret: 'env:SIGNING', ...at('slack') },
      { id: 'teams', type: 'teams', ...at('teams/workflows/w1/triggers/manual/paths/invoke') },
      { id: 'pagerduty', type: 'pagerduty', api_token: 'env:TOKEN', ...at('pagerduty') },
      { id: 'chat', type: 'practice-chat', ...at('chat') },
      {
        id: 'mail',
        type: 'smtp',
        host: '127.0.0.1',
        port,
        security: 'none',
        from: 'cordon@example.test',
        recipients: ['@example.test'],
        timeoutMs: 500,
      },
    ],
    ports({ guard: { addresses: { loopback: true } }, secrets: { env: { TOKEN, SIGNING: 'made-up-signing-secret' }, folder: '/' } }),
  );
  const log = { warn: () => undefined, error: () => undefined };
  const clock = { now: new Date('2026-11-21T12:00:00Z') };
  const now = () => clock.now;
  const deps = {
    store,
    connectors,
    channels,
    directory: { groups, oncall: {} },
    pages,
    consoleUrl: CONSOLE,
    owner: 'test',
    log,
    random: () => 0,
    now,
  };
  const once = async () => {
    const messenger: Messenger = startMessenger(deps, NEVER_MS);
    await messenger.idle();
    await messenger.stop();
  };
  return {
    store,
    connectors,
    range,
    heard,
    mailAnswers,
    deps,
    clock,
    ask: async (approvalId, payload = { about: 'opened' }) => {
      await oweApprovalMessages(deps, { approvalId, ...payload });
      await once();
    },
    later: async () => {
      await sql`update messages set next_at = clock_timestamp() - interval '1 second'`.execute(store.db);
      await once();
    },
    record: async () => {
      const text = await (await fetch(`${range.url}/record`)).text();
      return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as RecordLine])); // written by the range
    },
    fault: async (fault) => {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${range.url}/faults`, { method: 'PUT', headers, body: JSON.stringify(fault) });
      if (answer.status !== 200) throw new Error(await answer.text());
    },
    close: async () => {
      await connectors.close();
      await range.close();
      await new Promise((resolve) => mail.close(resolve));
    },
  };
}
