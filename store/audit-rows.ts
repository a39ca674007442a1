// Audit rows as chained events.
import { type RawBuilder, sql } from 'kysely';
import type { ChainedEvent, Facts } from '../audit/event.ts';

/** Columns of audit_events (as `e`) that toChainedEvent reads. The instant is text with microseconds: a Date would hide a change of one. */
export const CHAINED_COLUMNS: RawBuilder<ChainedRow> = sql`e.stream, e.seq, to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') as at,
  e.code, e.actor, e.body, e.personal, e.personal_digest, e.prev, e.hash`;

export interface ChainedRow {
  readonly stream: string;
  readonly seq: string;
  readonly at: string;
  readonly code: string;
  readonly actor: string;
  readonly body: Facts;
  readonly personal: Facts | null;
  readonly personal_digest: string | null;
  readonly prev: string;
  readonly hash: string;
}

export function toChainedEvent(row: ChainedRow): ChainedEvent {
  const { personal_digest: personalDigest, ...same } = row;
  // Written with milliseconds; more than that was not written by us, and shows as an altered record.
  const at = row.at.endsWith('000') ? `${row.at.slice(0, -3)}Z` : `${row.at}Z`;
  return { ...same, at, seq: Number(row.seq), personalDigest };
}
