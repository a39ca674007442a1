// Which version of a file is in force, and which was refused: a row of `settings` for each, so that a change is told once, by whichever process sees it
// first, also when it was made while none ran.
import { type Kysely, sql } from 'kysely';
import type { AuditCode } from '../audit/codes.ts';
import { appendAudit, type NewAuditEvent } from './audit.ts';
import { jsonText } from './json-text.ts';
import type { Database } from './tables.ts';

export interface FileSeen {
  /** SHA-256 of the text that is in force, hex. */
  readonly digest: string;
  /** What is there now and is not used; `digest` is absent where it cannot be read. */
  readonly refused?: { readonly digest?: string; readonly reason: string };
}

export interface NotedFile {
  /** Its name in `settings`. */
  readonly name: string;
  readonly path: string;
  /** Absent: what a change of it changes is in the audit log by itself. */
  readonly changed?: AuditCode;
  readonly refused: AuditCode;
}

interface Noted {
  readonly digest: string;
  readonly refused: string | null;
}

const FAULT_LENGTH = 500;

/** False: it was known already. */
export async function noteFile(db: Kysely<Database>, file: NotedFile, seen: FileSeen, now: Date): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    const name = `file:${file.name}`;
    await sql`insert into settings (name, value) values (${name}, 'null') on conflict do nothing`.execute(trx);
    const { rows } = await sql<{ value: Noted | null }>`select value from settings where name = ${name} for update`.execute(trx);
    const was = rows[0]?.value ?? undefined;
    const next: Noted = { digest: seen.digest, refused: seen.refused === undefined ? null : (seen.refused.digest ?? 'unreadable') };
    const events = eventsOf(file, seen, was, next, now);
    if (was?.digest === next.digest && was.refused === next.refused) return false;
    await sql`update settings set value = ${jsonText(next)}::jsonb, changed_at = ${now} where name = ${name}`.execute(trx);
    await appendAudit(trx, 'admin', events);
    return true;
  });
}

function eventsOf({ path, ...file }: NotedFile, seen: FileSeen, was: Noted | undefined, next: Noted, at: Date): NewAuditEvent[] {
  const isChanged = was?.digest !== next.digest && file.changed !== undefined;
  const isRefused = next.refused !== null && was?.refused !== next.refused;
  const event = (code: AuditCode, body: NewAuditEvent['body']): NewAuditEvent => ({
    at,
    code,
    actor: 'cordon',
    body: { file: path, ...body },
  });
  return [
    ...(isChanged && file.changed ? [event(file.changed, { from: was?.digest, digest: next.digest })] : []),
    ...(isRefused
      ? [event(file.refused, { digest: seen.refused?.digest, inForce: next.digest, reason: seen.refused?.reason.slice(0, FAULT_LENGTH) })]
      : []),
  ];
}
