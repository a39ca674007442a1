// Refused posts are audited, gathered: one event for each source and sender in ten seconds with the count, however many there were.
import { appendAudit } from '../store/audit.ts';
import type { ServerDeps } from './deps.ts';

const GATHER_MS = 10_000;
/** Different senders within that time; more are counted together. */
const MAX_SENDERS = 50;

export interface Refusals {
  note(source: string, peer: string): void;
  /** Writes what is gathered; never throws. */
  flush(): Promise<void>;
  /** Writes the rest. */
  close(): Promise<void>;
}

export function refusals(deps: ServerDeps): Refusals {
  let gathered = new Map<string, { source: string; peer: string; count: number }>();
  let timer: NodeJS.Timeout | undefined;
  const flush = async (): Promise<void> => {
    const rows = [...gathered.values()];
    gathered = new Map();
    const at = deps.now();
    const events = rows.map((row) => ({
      at,
      code: 'intake.refused' as const,
      actor: 'cordon',
      body: { ...row, reason: row.count === 1 ? 'not signed by this source' : `not signed by this source, ${row.count} times` },
    }));
    await appendAudit(deps.store.db, 'intake', events).catch((error: unknown) =>
      deps.log.warn({ err: error }, 'refused posts were not audited'),
    );
  };
  return {
    note(source, peer) {
      const from = gathered.size < MAX_SENDERS ? peer : 'others';
      const key = `${source} ${from}`;
      gathered.set(key, { source, peer: from, count: (gathered.get(key)?.count ?? 0) + 1 });
      timer ??= setTimeout(() => {
        timer = undefined;
        void flush();
      }, GATHER_MS).unref();
    },
    flush,
    async close() {
      clearTimeout(timer);
      await flush();
    },
  };
}
