// Sends what is owed and keeps true what stands. Any number of processes share the work; nothing of it is kept in memory.
import { pump } from '../dispatch/pump.ts';
import { type ClaimedMessage, claimMessages, forgetMessageClaims, pruneMessages, whatIsDue } from '../store/messages.ts';
import { agePages } from '../store/pages.ts';
import { refreshMessage, sendMessage } from './deliver.ts';
import type { ChannelDeps } from './deps.ts';
import { pageRound } from './pages.ts';

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
  let claims = 0;
  let looks = 0;
  let cleared = store.kind !== 'pglite';
  const token = () => {
    claims += 1;
    return `${deps.owner}#${claims}`;
  };
  const each = async (rows: readonly ClaimedMessage[], work: (row: ClaimedMessage) => Promise<void>) => {
    const ends = await Promise.allSettled(rows.map(work));
    // The claim's lease ends by itself, then it is tried again.
    for (const end of ends)
      if (end.status === 'rejected') log.error({ err: end.reason }, 'a message to people could not be dealt with; it is tried again');
    return rows.length === AT_ONCE;
  };
  const rounds = pump(
    async () => {
      if (!cleared) await forgetMessageClaims(store.db);
      cleared = true;
      if (looks++ % PRUNE_EVERY === 0) {
        await pruneMessages(store.db, KEEP_DAYS, PRUNE_LIMIT);
        await agePages(store.db, deps.now());
      }
      const first = await whatIsDue(store.db);
      if (first.pages) await pageRound(deps);
      const due = first.pages ? await whatIsDue(store.db) : first;
      const sent = due.owed && (await each(await claimMessages(store.db, token(), 'owed', AT_ONCE), (row) => sendMessage(deps, row)));
      const edited =
        due.standing && (await each(await claimMessages(store.db, token(), 'sent', AT_ONCE), (row) => refreshMessage(deps, row)));
      return sent || edited;
    },
    (error) => log.error({ err: error }, 'messages to people: a round failed; it is tried again'),
  );
  const unsubscribe = ['messages', 'approvals'].map((channel) => store.onWake(channel, rounds.kick));
  const timer = setInterval(rounds.kick, everyMs);
  rounds.kick();
  return {
    idle: async () => {
      rounds.kick();
      await rounds.settled();
    },
    stop: async () => {
      for (const end of unsubscribe) end();
      clearInterval(timer);
      await rounds.stop();
    },
  };
}
