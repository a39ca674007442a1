// What strangers are refused is audited, gathered: one event for each sender (and source) in ten seconds with the count, however many there were.
import { appendAudit, type NewAuditEvent } from '../store/audit.ts';
import type { ServerDeps } from './deps.ts';

const GATHER_MS = 10_000;
/** Different senders within that time; more are counted together. */
const MAX_SENDERS = 50;

export interface Refused {
  readonly stream: string;
  readonly code: NewAuditEvent['code'];
  readonly reason: string;
}

export const POSTS: Refused = { stream: 'intake', code: 'intake.refused', reason: 'not signed by this source' };
export const SIGN_INS: Refused = { stream: 'people', code: 'person.sign_in_failed', reason: 'wrong login or password' };

export interface Refusals {
  note(peer: string, source?: string): void;
  /** Writes what is gathered; never throws. */
  flush(): Promise<void>;
  /** Writes the rest. */
  close(): Promise<void>;
}

export function refusals(deps: Pick<ServerDeps, 'store' | 'now' | 'log'>, what: Refused): Refusals {
  let gathered = new Map<string, { source?: string; peer: string; count: number }>();
  let timer: NodeJS.Timeout | undefined;
  const flush = async (): Promise<void> => {
    const rows = [...gathered.values()];
    gathered = new Map();
    const at = deps.now();
    const events = rows.map((row) => ({
      at,
      code: what.code,
      actor: 'cordon',
      body: { ...row, reason: row.count === 1 ? what.reason : `${what.reason}, ${row.count} times` },
    }));
    await appendAudit(deps.store.db, what.stream, events).catch((error: unknown) =>
      deps.log.warn({ err: error, code: what.code }, 'what was refused was not audited'),
    );
  };
  return {
    note(peer, source) {
      const from = gathered.size < MAX_SENDERS ? peer : 'others';
      const key = `${source ?? ''} ${from}`;
      gathered.set(key, { ...(source === undefined ? {} : { source }), peer: from, count: (gathered.get(key)?.count ?? 0) + 1 });
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
