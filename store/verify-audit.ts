// Checks the whole audit log: every chain against its head, every checkpoint against its signature and against the chains. It reads page
// by page without a transaction, so that it can run beside work: what was appended since is simply not looked at.
import { sql } from 'kysely';
import type { ChainedEvent } from '../audit/event.ts';
import { type BadRecord, checkHead, checkNext, type Head, NO_HEAD } from '../audit/verify.ts';
import { CHAINED_COLUMNS, type ChainedRow, toChainedEvent } from './audit-rows.ts';
import type { VerifySignature } from './checkpoint.ts';
import { sha256 } from './sha256.ts';
import type { Db } from './store.ts';
import { type BadCheckpoint, verifyCheckpoints } from './verify-checkpoints.ts';

export interface AuditReport {
  readonly ok: boolean;
  readonly streams: number;
  readonly events: number;
  readonly checkpoints: number;
  /** The first record that is not as it was written. */
  readonly bad?: BadRecord;
  readonly badCheckpoint?: BadCheckpoint;
  /** Digest of the last checkpoint: keep it elsewhere, and give it to a later check as an anchor. */
  readonly lastDigest: string | null;
  /** Records that no checkpoint holds yet: whoever can write to the database could still rewrite these. The first 100 streams. */
  readonly unanchored: { readonly events: number; readonly tails: readonly Tail[] };
}

interface Tail {
  readonly stream: string;
  readonly from: number;
  readonly to: number;
}

export interface VerifyOptions {
  /** Digests of checkpoints that were kept off this host; each must be in the chain. */
  readonly anchors?: readonly string[];
}

const PAGE = { heads: 500, events: 2_000, tails: 100 };

export async function verifyAudit(db: Db, verify: VerifySignature, options: VerifyOptions = {}): Promise<AuditReport> {
  const signed = await verifyCheckpoints(db, verify, options.anchors ?? []);
  const tally = { streams: 0, events: 0, unanchored: 0, tails: [] as Tail[] };
  let bad: BadRecord | null = null;
  for await (const heads of headPages(db)) {
    bad = await verifyStreams(db, heads, tally);
    if (bad) break;
    noteTails(heads, signed.anchored, tally);
  }
  bad ??= (await withoutHead(db)) ?? signed.contradicted;
  return {
    ok: !bad && !signed.bad,
    streams: tally.streams,
    events: tally.events,
    checkpoints: signed.count,
    ...(bad ? { bad } : {}),
    ...(signed.bad ? { badCheckpoint: signed.bad } : {}),
    lastDigest: signed.lastDigest,
    unanchored: { events: tally.unanchored, tails: tally.tails },
  };
}

type Heads = ReadonlyMap<string, Head>;
interface Tally {
  streams: number;
  events: number;
  unanchored: number;
  tails: Tail[];
}

async function* headPages(db: Db): AsyncGenerator<Heads> {
  for (let after = ''; ; ) {
    const { rows } = await sql<{ stream: string; seq: string; hash: string }>`
      select stream, seq, hash from audit_heads where stream > ${after} order by stream limit ${sql.lit(PAGE.heads)}`.execute(db);
    if (rows.length > 0) yield new Map(rows.map((row) => [row.stream, { seq: Number(row.seq), hash: row.hash }]));
    const last = rows.at(-1);
    if (!last || rows.length < PAGE.heads) return;
    after = last.stream;
  }
}

async function verifyStreams(db: Db, heads: Heads, tally: Tally): Promise<BadRecord | null> {
  const lasts = new Map<string, Head>();
  for await (const event of eventsOf(db, heads)) {
    const bad = checkNext(lasts.get(event.stream) ?? NO_HEAD, event, sha256);
    if (bad) return bad;
    lasts.set(event.stream, { seq: event.seq, hash: event.hash });
    tally.events++;
  }
  for (const [stream, head] of heads) {
    const bad = checkHead(stream, lasts.get(stream) ?? NO_HEAD, head);
    if (bad) return bad;
    tally.streams++;
  }
  return null;
}

/** The streams' events up to these heads, each stream in its order. */
async function* eventsOf(db: Db, heads: Heads): AsyncGenerator<ChainedEvent> {
  const streams = [...heads.keys()];
  const seqs = streams.map((stream) => heads.get(stream)?.seq ?? 0);
  let after = { stream: '', seq: 0 };
  for (;;) {
    const { rows } = await sql<ChainedRow>`
      select ${CHAINED_COLUMNS} from audit_events e
      join unnest(${streams}::text[], ${seqs}::bigint[]) as h (stream, seq) on e.stream = h.stream and e.seq <= h.seq
      where (e.stream, e.seq) > (${after.stream}, ${after.seq}) order by e.stream, e.seq limit ${sql.lit(PAGE.events)}`.execute(db);
    for (const row of rows) yield toChainedEvent(row);
    const last = rows.at(-1);
    if (!last || rows.length < PAGE.events) return;
    after = { stream: last.stream, seq: Number(last.seq) };
  }
}

function noteTails(heads: Heads, anchored: ReadonlyMap<string, number>, tally: Tally): void {
  for (const [stream, head] of heads) {
    const from = (anchored.get(stream) ?? 0) + 1;
    if (from > head.seq) continue;
    tally.unanchored += head.seq - from + 1;
    if (tally.tails.length < PAGE.tails) tally.tails.push({ stream, from, to: head.seq });
  }
}

/** One statement, so that head and records are of one moment. */
async function withoutHead(db: Db): Promise<BadRecord | null> {
  const { rows } = await sql<{ stream: string; seq: string }>`
    select e.stream, e.seq from audit_events e left join audit_heads h on h.stream = e.stream
    where h.stream is null or e.seq > h.seq order by e.stream, e.seq limit 1`.execute(db);
  const found = rows[0];
  return found ? { stream: found.stream, seq: Number(found.seq), reason: 'no-head' } : null;
}
