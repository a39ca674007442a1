// Checks the chain of signed checkpoints, and that the audit log is what they say it was.
import { sql } from 'kysely';
import { CHAIN_START } from '../audit/chain.ts';
import { type CheckpointHeads, checkpointDigest, headsRoot } from '../audit/checkpoint.ts';
import type { BadRecord } from '../audit/verify.ts';
import type { VerifySignature } from './checkpoint.ts';
import { sha256 } from './sha256.ts';
import type { Db } from './store.ts';

/**
 * unlinked: does not follow the one before, so one was removed or replaced · altered: not what was signed · signature: not signed by our key ·
 * anchor-missing: a digest that was kept elsewhere is not here, so the log was rewritten or cut.
 */
export interface BadCheckpoint {
  readonly id: string;
  readonly reason: 'unlinked' | 'altered' | 'signature' | 'anchor-missing';
}

export interface CheckpointsVerdict {
  readonly count: number;
  readonly lastDigest: string | null;
  readonly bad: BadCheckpoint | null;
  /** The first record that is not the one a good checkpoint holds. */
  readonly contradicted: BadRecord | null;
  /** stream -> how far good checkpoints hold it. About 100 bytes per stream. */
  readonly anchored: ReadonlyMap<string, number>;
}

interface Row {
  readonly id: string;
  readonly at: Date;
  readonly heads: CheckpointHeads;
  readonly root: string;
  readonly prev: string;
  readonly digest: string;
  readonly signature: string;
}

const PAGE = 100;

export async function verifyCheckpoints(db: Db, verify: VerifySignature, anchors: readonly string[]): Promise<CheckpointsVerdict> {
  const anchored = new Map<string, number>();
  const missing = new Set(anchors);
  let count = 0;
  let lastDigest: string | null = null;
  let contradicted: BadRecord | null = null;
  for await (const page of pages(db)) {
    for (const row of page) {
      const reason = await wrongWith(row, lastDigest ?? CHAIN_START, verify);
      if (reason) return { count, lastDigest, bad: { id: row.id, reason }, contradicted, anchored };
      for (const [stream, [seq]] of Object.entries(row.heads)) anchored.set(stream, Math.max(seq, anchored.get(stream) ?? 0));
      missing.delete(row.digest);
      lastDigest = row.digest;
      count++;
    }
    contradicted ??= await firstContradiction(db, page);
  }
  const [gone] = missing;
  return { count, lastDigest, bad: gone === undefined ? null : { id: gone, reason: 'anchor-missing' }, contradicted, anchored };
}

async function wrongWith(row: Row, prev: string, verify: VerifySignature): Promise<BadCheckpoint['reason'] | null> {
  if (row.prev !== prev) return 'unlinked';
  const content = { prev, at: row.at.toISOString(), count: Object.keys(row.heads).length, root: headsRoot(row.heads, sha256) };
  if (content.root !== row.root || checkpointDigest(content, sha256) !== row.digest) return 'altered';
  return (await verify(row.digest, row.signature)) ? null : 'signature';
}

async function* pages(db: Db): AsyncGenerator<Row[]> {
  for (let after = '0'; ; ) {
    const { rows } = await sql<Row>`
      select id, at, heads, root, prev, digest, signature from audit_checkpoints where id > ${after} order by id limit ${sql.lit(PAGE)}`.execute(
      db,
    );
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last.id;
  }
}

async function firstContradiction(db: Db, page: readonly Row[]): Promise<BadRecord | null> {
  const ids = page.map((row) => row.id);
  const { rows } = await sql<{ stream: string; seq: string; there: boolean }>`
    select held.key as stream, held.value->>0 as seq, e.hash is not null as there
    from audit_checkpoints c cross join jsonb_each(c.heads) held
    left join audit_events e on e.stream = held.key and e.seq = (held.value->>0)::bigint
    where c.id = any(${ids}::bigint[]) and e.hash is distinct from held.value->>1
    order by c.id, held.key limit 1`.execute(db);
  const found = rows[0];
  return found ? { stream: found.stream, seq: Number(found.seq), reason: found.there ? 'not-as-anchored' : 'truncated' } : null;
}
