// A LISTEN connection that stays: reconnected when it ends, and asked now and then whether the other end is still there (a half-open
// socket says nothing). What was sent in a gap is lost, so after each gap everybody is woken once.
import pg from 'pg';

export interface Listening {
  close(): Promise<void>;
}

export interface ListenHandlers {
  readonly channel: string;
  readonly onMessage: (payload: string) => void;
  readonly onGap: () => void;
  readonly onLost: (error: Error) => void;
  /** How often the other end is asked for a sign of life, and how long it may take to answer. Default 15 s and 5 s. */
  readonly heartbeatMs?: number;
  readonly answerMs?: number;
}

const RECONNECT_MS = { first: 100, most: 5_000 };

export function keepListening(connection: pg.ClientConfig, handlers: ListenHandlers): Listening {
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let failures = 0;
  const { heartbeatMs = 15_000, answerMs = 5_000 } = handlers;

  const later = (work: () => void, ms: number) => {
    clearTimeout(timer);
    if (closed) return;
    timer = setTimeout(work, ms);
    timer.unref();
  };
  const lose = (lost: pg.Client, error: Error) => {
    if (client !== lost) return; // lost twice: error, then end
    client = undefined;
    if (closed) return;
    handlers.onLost(error);
    lost.end().catch(() => {}); // nobody waits for a farewell
    later(open, Math.min(RECONNECT_MS.most, RECONNECT_MS.first * 2 ** failures++));
  };
  const open = () => {
    const next = new pg.Client({ ...connection, query_timeout: answerMs });
    client = next;
    next.on('error', (error) => lose(next, error));
    next.on('end', () => lose(next, new Error('The connection that listens has ended')));
    next.on('notification', (message) => handlers.onMessage(message.payload ?? ''));
    start(next).catch((error: Error) => lose(next, error));
  };
  const start = async (next: pg.Client) => {
    await next.connect();
    await next.query(`listen ${pg.escapeIdentifier(handlers.channel)}`);
    failures = 0;
    handlers.onGap();
    later(() => beat(next), heartbeatMs);
  };
  const beat = (current: pg.Client) => {
    current.query('select 1').then(
      () => later(() => beat(current), heartbeatMs),
      (error: Error) => lose(current, error),
    );
  };
  open();
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      const last = client;
      client = undefined;
      await last?.end().catch(() => {});
    },
  };
}
