// What the world has become since a backup nobody here knows: nothing is done on its word before people have looked. A mark comes with the restored
// data and goes with the freeze, so that a restore that was broken off in between is frozen by the next start.
import { type Kysely, sql } from 'kysely';
import { freezeWithin } from './freeze.ts';
import type { Trx } from './store.ts';
import type { Database } from './tables.ts';

/** A comment on a table: whatever the schema, and no row that the backup does not have. */
const MARK = 'restored from a backup, and not frozen yet';
const REASON = 'restored from a backup: compare what is held with the products, then lift it';

export async function markRestored(trx: Trx): Promise<void> {
  await sql`comment on table cordon_migrations is ${sql.lit(MARK)}`.execute(trx);
}

/** Of an up-to-date store. False: it was not restored, or is frozen since. */
export async function freezeRestored(db: Kysely<Database>, now: Date): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ mark: string | null }>`select obj_description('cordon_migrations'::regclass, 'pg_class') as mark`.execute(
      trx,
    );
    if (rows[0]?.mark !== MARK) return false;
    await freezeWithin(trx, { by: 'cordon', reason: REASON }, now);
    await sql`comment on table cordon_migrations is null`.execute(trx);
    return true;
  });
}
