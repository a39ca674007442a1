// Signs the heads that have moved since the last checkpoint. One process at a time wins; the others find nothing to do.
import { sql } from 'kysely';
import { CHAIN_START } from '../audit/chain.ts';
import { type CheckpointHeads, checkpointDigest, headsRoot } from '../audit/checkpoint.ts';
import { sha256 } from './sha256.ts';
import type { Db } from './store.ts';

/** Signs a hex digest. */
export type SignDigest = (digest: string) => string | Promise<string>;
export type VerifySignature = (digest: string, signature: string) => boolean | Promise<boolean>;

/** Also what is worth keeping off this host: with it, nobody can cut or rewrite what was before. */
export interface Checkpoint {
  readonly id: string;
  readonly at: string;
  /** Streams that it holds. */
  readonly count: number;
  readonly root: string;
  readonly prev: string;
  readonly digest: string;
  readonly signature: string;
}

/** More heads than that wait for the next one, which may follow at once. */
const MOST_HEADS = 1_000;

/** null: nothing has changed since the last one, or another process was faster. */
export async function checkpoint(db: Db, sign: SignDigest, now: Date): Promise<Checkpoint | null> {
  const heads = await movedHeads(db);
  const count = Object.keys(heads).length;
  if (count === 0) return null;
  const content = { prev: await lastDigest(db), at: now.toISOString(), count, root: headsRoot(heads, sha256) };
  const digest = checkpointDigest(content, sha256);
  const made = { ...content, digest, signature: await sign(digest) };
  const id = await insert(db, made, heads);
  if (id === undefined) return null;
  await noteAnchored(db, heads);
  return { id, ...made };
}

async function movedHeads(db: Db): Promise<CheckpointHeads> {
  const { rows } = await sql<{ stream: string; seq: string; hash: string }>`
    select stream, seq, hash from audit_heads where anchored_seq < seq order by stream limit ${sql.lit(MOST_HEADS)}`.execute(db);
  return Object.fromEntries(rows.map((row) => [row.stream, [Number(row.seq), row.hash] as const]));
}

async function lastDigest(db: Db): Promise<string> {
  const { rows } = await sql<{ digest: string }>`select digest from audit_checkpoints order by id desc limit 1`.execute(db);
  return rows[0]?.digest ?? CHAIN_START;
}

async function insert(db: Db, made: Omit<Checkpoint, 'id'>, heads: CheckpointHeads): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    insert into audit_checkpoints (at, heads, root, prev, digest, signature)
    values (${made.at}, ${JSON.stringify(heads)}, ${made.root}, ${made.prev}, ${made.digest}, ${made.signature})
    on conflict (prev) do nothing returning id`.execute(db);
  return rows[0]?.id;
}

/** Waits for no lock while holding another: appends hold heads too, and must never wait for us in a circle. */
async function noteAnchored(db: Db, heads: CheckpointHeads): Promise<void> {
  const { rows } = await sql<{ stream: string }>`
    with wanted as (select key as stream, (value->>0)::bigint as seq from jsonb_each(${JSON.stringify(heads)}::jsonb)),
    free as (select h.stream, w.seq from audit_heads h join wanted w on w.stream = h.stream for update of h skip locked)
    update audit_heads h set anchored_seq = greatest(h.anchored_seq, free.seq) from free where h.stream = free.stream returning h.stream`.execute(
    db,
  );
  const done = new Set(rows.map((row) => row.stream));
  for (const [stream, [seq]] of Object.entries(heads)) {
    if (done.has(stream)) continue;
    await sql`update audit_heads set anchored_seq = greatest(anchored_seq, ${seq}) where stream = ${stream}`.execute(db);
  }
}
