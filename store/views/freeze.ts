// The freezes as people read them.
import { sql } from 'kysely';
import type { Freeze, FreezeEntry } from '../../server/contract.ts';
import { LIFT_WITHIN_MS } from '../freeze.ts';
import type { Db } from '../store.ts';
import { iso, present } from './page.ts';

interface Row {
  readonly connector: string;
  readonly verb: string;
  readonly by: string;
  readonly reason: string;
  readonly since: Date;
  readonly lift_by: string | null;
  readonly lift_reason: string | null;
  readonly lift_at: Date | null;
}

/** A lift that nobody has confirmed in time is no longer shown: it has no effect. */
export async function readFreeze(db: Db, now: Date): Promise<Freeze> {
  const { rows } = await sql<Row>`
    select f.connector, f.verb, coalesce(p.name, f.by) as by, f.reason, f.since, coalesce(l.name, f.lift_by) as lift_by, f.lift_reason, f.lift_at
    from freezes f left join people p on p.id = f.by left join people l on l.id = f.lift_by order by f.connector, f.verb limit 200`.execute(
    db,
  );
  const entries = rows.map((row) => ({ row, entry: entryOf(row, now) }));
  const all = entries.find(({ row }) => row.connector === '' && row.verb === '');
  return { on: all !== undefined, ...all?.entry, parts: entries.filter((one) => one !== all).map(({ entry }) => entry) };
}

function entryOf(row: Row, now: Date): FreezeEntry {
  const until = row.lift_at === null ? undefined : new Date(row.lift_at.getTime() + LIFT_WITHIN_MS);
  const lift =
    until !== undefined && until > now && row.lift_by !== null
      ? { by: row.lift_by, reason: row.lift_reason ?? '', until: until.toISOString() }
      : undefined;
  return {
    ...present('connector', row.connector || undefined),
    ...present('verb', row.verb || undefined),
    by: row.by,
    reason: row.reason,
    since: iso(row.since),
    ...present('liftAsked', lift),
  };
}
