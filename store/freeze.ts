// The freeze: one row that every intent reads in its own commit.
import { type Kysely, sql } from 'kysely';
import { appendAudit } from './audit.ts';
import { armWakes } from './outbox-wakes.ts';
import type { Db } from './store.ts';
import type { Database } from './tables.ts';

export interface FreezeState {
  readonly on: boolean;
  readonly by?: string;
  readonly reason?: string;
  /** ISO 8601 UTC. */
  readonly since?: string;
}

export async function readFreeze(db: Db): Promise<FreezeState> {
  const row = await db.selectFrom('settings').select('value').where('name', '=', 'freeze').executeTakeFirst();
  return freezeOf(row?.value);
}

/** The stored value, checked: anything that is not plainly "off" counts as frozen. */
export function freezeOf(value: unknown): FreezeState {
  if (value === undefined || value === null) return { on: false };
  if (typeof value !== 'object' || !('on' in value)) return { on: true, reason: 'the stored freeze setting cannot be read' };
  const text = (name: string) => {
    const member = Reflect.get(value, name);
    return typeof member === 'string' ? { [name]: member } : {};
  };
  return { on: value.on !== false, ...text('by'), ...text('reason'), ...text('since') };
}

/** New effects stop at their next intent; what waits is woken when it is lifted. */
export async function setFreeze(
  db: Kysely<Database>,
  change: { on: boolean; by: string; reason: string },
  now: Date,
): Promise<FreezeState> {
  const value: FreezeState = { on: change.on, by: change.by, reason: change.reason, since: now.toISOString() };
  await db.transaction().execute(async (trx) => {
    await sql`insert into settings (name, value, changed_by) values ('freeze', ${JSON.stringify(value)}, ${change.by})
      on conflict (name) do update set value = excluded.value, changed_at = now(), changed_by = excluded.changed_by`.execute(trx);
    if (!change.on) {
      await sql`with waiting as (select distinct run_id from steps where state = 'waiting' and waiting_on = 'freeze') ${armWakes(sql`waiting`)}`.execute(
        trx,
      );
    }
    const code = change.on ? 'freeze.on' : 'freeze.off';
    await appendAudit(trx, 'admin', [{ at: now, code, actor: change.by, body: { reason: change.reason } }]);
  });
  return value;
}
