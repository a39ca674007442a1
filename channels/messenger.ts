// Sends what is owed and keeps true what stands. Any number of processes share the work; nothing of it is kept in memory.
import { type Pump, pump } from '../dispatch/pump.ts';
import { type ClaimedMessage, claimMessages, connectorsDue, forgetMessageClaims, needPagesWork, pruneMessages } from '../store/messages.ts';
import { agePages } from '../store/pages.ts';
import { refreshMessage, sendMessage } from './deliver.ts';
import type { ChannelDeps } from './deps.ts';
import { pageRound } from './pages.ts';

/** By connector. */
const AT_ONCE = 16;
/** Looks for what is due again, and for wakes that were missed. */
const EVERY_MS = 1_000;
const KEEP_DAYS = 30;
const PRUNE_LIMIT = 1_000;
/** Looks between two prunings: about an hour. */
const PRUNE_EVERY = 3_600;

export interface Messenger {
  /** Resolves when everything that is due now was sent or put off. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

export function startMessenger(deps: ChannelDeps, everyMs = EVERY_MS): Messenger {
  const { store, log } = deps;
  /** Rounds of each connector of their own: one that does not answer delays no other. */
  const lanes = new Map<string, Pump>();
  let claims = 0;
  let looks = 0;
  let cleared = store.kind !== 'pglite';
  const failed = (error: unknown) => log.error({ err: error }, 'messages to people: a round failed; it is tried again');
  const work = async (connector: string, state: 'owed' | 'sent', each: (deps: ChannelDeps, row: ClaimedMessage) => Promise<void>) => {
    claims += 1;
    const rows = await claimMessages(store.db, { connector, token: `${deps.owner}#${claims}`, state, limit: AT_ONCE });
    const ends = await Promise.allSettled(rows.map((row) => each(deps, row)));
    // The claim's lease ends by itself, then it is tried again.
    for (const end of ends)
      if (end.status === 'rejected') log.error({ err: end.reason }, 'a message to people could not be dealt with; it is tried again');
    return rows.length === AT_ONCE;
  };
  const laneOf = (connector: string): Pump => {
    const lane =
      lanes.get(connector) ??
      pump(async () => {
        const sent = await work(connector, 'owed', sendMessage);
        return (await work(connector, 'sent', refreshMessage)) || sent;
      }, failed);
    lanes.set(connector, lane);
    return lane;
  };
  const rounds = pump(async () => {
    if (!cleared) await forgetMessageClaims(store.db);
    cleared = true;
    if (looks++ % PRUNE_EVERY === 0) {
      await pruneMessages(store.db, KEEP_DAYS, PRUNE_LIMIT);
      await agePages(store.db, deps.now());
    }
    if (await needPagesWork(store.db)) await pageRound(deps);
    for (const connector of await connectorsDue(store.db)) laneOf(connector).kick();
    return false;
  }, failed);
  const unsubscribe = ['messages', 'approvals'].map((channel) => store.onWake(channel, rounds.kick));
  const timer = setInterval(rounds.kick, everyMs);
  rounds.kick();
  return {
    idle: async () => {
      rounds.kick();
      // What a lane sends may owe more.
      const pumps = () => [rounds, ...lanes.values()];
      while (pumps().some((one) => !one.quiet)) for (const one of pumps()) await one.settled();
    },
    stop: async () => {
      for (const end of unsubscribe) end();
      clearInterval(timer);
      await rounds.stop();
      await Promise.all([...lanes.values()].map((lane) => lane.stop()));
    },
  };
}
