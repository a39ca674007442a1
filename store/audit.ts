// Appends to the audit chain. Within the caller's transaction and last in it: locks are taken in one order everywhere, entity, limits, chain.
import { randomBytes } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import { canonical, cleanText } from '../audit/canonical.ts';
import { isPlainName, personalDigest } from '../audit/chain.ts';
import type { AuditCode } from '../audit/codes.ts';
import { saltedPersonal, splitPersonal } from '../audit/personal.ts';
import { redactFacts } from '../audit/redact.ts';
import { sha256 } from './sha256.ts';
import type { Db } from './store.ts';

export interface NewAuditEvent {
  readonly at: Date;
  readonly code: AuditCode;
  /** Id of a person, 'cordon', or 'source:<name>'. */
  readonly actor: string;
  /** Secrets are redacted; what is personal by its name (audit/personal.ts) is kept erasable. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** One statement, whatever the number of events. Returns the last event's seq, or 0 when there is nothing to append. */
export async function appendAudit(db: Db, stream: string, events: readonly NewAuditEvent[]): Promise<number> {
  if (events.length === 0) return 0;
  const result = await sql<{ seq: string }>`select ${auditCall(stream, events)} as seq`.execute(db);
  return Number(result.rows[0]?.seq ?? 0);
}

/** Several streams at once, locked in their names' order, so that two such calls cannot block each other for ever. */
export async function appendAuditMany(db: Db, byStream: ReadonlyMap<string, readonly NewAuditEvent[]>): Promise<void> {
  for (const stream of [...byStream.keys()].sort()) await appendAudit(db, stream, byStream.get(stream) ?? []);
}

/** The call of append_audit as an expression, for statements that want to do more in the same round trip. */
export function auditCall(stream: string, events: readonly NewAuditEvent[]): RawBuilder<string> {
  if (!isPlainName(stream)) throw new Error(`'${stream}' cannot be an audit stream`);
  return sql<string>`append_audit(${stream}, ${JSON.stringify(events.map(eventText))}::json)`;
}

function eventText(event: NewAuditEvent): Record<string, string | null> {
  if (!isPlainName(event.actor)) throw new Error(`'${cleanText(event.actor)}' cannot be the actor of an audit event: use an id`);
  const { chained, personal } = splitPersonal(redactFacts(event.body));
  const salt = personal && randomBytes(16).toString('base64url');
  return {
    at: event.at.toISOString(),
    code: event.code,
    actor: event.actor,
    body: canonical(chained),
    personal: personal && salt ? saltedPersonal(personal, salt) : null,
    digest: personal && salt ? personalDigest({ ...personal, salt }, sha256) : null,
  };
}
