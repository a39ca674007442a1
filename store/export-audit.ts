// The audit log as NDJSON, so that it can be kept and verified elsewhere: all events, stream by stream in their order, then the checkpoints.
import { sql } from 'kysely';
import { describeEvent } from '../audit/describe.ts';
import { CHAINED_COLUMNS, type ChainedRow, toChainedEvent } from './audit-rows.ts';
import type { Db } from './store.ts';

export interface ExportOptions {
  /** One stream only; then without checkpoints. */
  readonly stream?: string;
  /** Events of this instant and later. A part of a chain verifies only together with the rest. */
  readonly since?: Date;
}

const PAGE = 1_000;

/** Lines without their line break: {type: 'event', …} and {type: 'checkpoint', …}. */
export async function* exportAudit(db: Db, options: ExportOptions = {}): AsyncGenerator<string> {
  yield* eventLines(db, options);
  if (options.stream === undefined) yield* checkpointLines(db, options);
}

async function* eventLines(db: Db, { stream, since }: ExportOptions): AsyncGenerator<string> {
  let after = { stream: '', seq: '0' };
  for (;;) {
    const { rows } = await sql<ChainedRow>`
      select ${CHAINED_COLUMNS} from audit_events e where (e.stream, e.seq) > (${after.stream}, ${after.seq})
        ${stream === undefined ? sql`` : sql`and e.stream = ${stream}`} ${since === undefined ? sql`` : sql`and e.at >= ${since}`}
      order by e.stream, e.seq limit ${sql.lit(PAGE)}`.execute(db);
    for (const row of rows) {
      const event = toChainedEvent(row);
      yield JSON.stringify({ type: 'event', ...event, says: describeEvent(event) });
    }
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last;
  }
}

async function* checkpointLines(db: Db, { since }: ExportOptions): AsyncGenerator<string> {
  for (let after = '0'; ; ) {
    const { rows } = await sql<{ id: string }>`
      select id, at, heads, root, prev, digest, signature from audit_checkpoints where id > ${after}
        ${since === undefined ? sql`` : sql`and at >= ${since}`} order by id limit ${sql.lit(PAGE)}`.execute(db);
    for (const row of rows) yield JSON.stringify({ type: 'checkpoint', ...row });
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last.id;
  }
}
