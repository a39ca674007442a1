// Freezes: rows that every intent reads in its own commit. One for everything, or for a connector, a verb, or a verb through a connector.
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { appendAudit } from './audit.ts';
import { armWakes } from './outbox-wakes.ts';
import type { Db, Trx } from './store.ts';
import type { Database } from './tables.ts';

/** Absent members mean all of them; both absent: everything is frozen. */
export interface FreezeScope {
  readonly connector?: string | undefined;
  readonly verb?: string | undefined;
}

/** A freeze that stands in an effect's way. */
export interface FreezeInForce {
  readonly by: string;
  readonly reason: string;
  /** Of a connector or verb alone: what only adds information waits too, which goes on while everything is frozen. */
  readonly scoped: boolean;
}

/** What one person began to lift, another confirms within this time, ms; later it begins anew. */
export const LIFT_WITHIN_MS = 3_600_000;

/** The narrowest freeze that holds for this effect, as a query. Without `verb` (an undo) only those of connectors and of everything hold. */
export const freezeRow = (effect: { readonly connector: string; readonly verb?: string }): RawBuilder<FreezeInForce> => sql<FreezeInForce>`
    select coalesce((select name from people p where p.id = f.by), f.by) as by, f.reason, (f.connector <> '' or f.verb <> '') as scoped
    from freezes f where f.connector in ('', ${effect.connector}) and f.verb in ('', ${effect.verb ?? ''})
    order by scoped desc limit 1`;

/** Is everything frozen? */
export async function isAllFrozen(db: Db): Promise<boolean> {
  const row = await db.selectFrom('freezes').select('since').where('connector', '=', '').where('verb', '=', '').executeTakeFirst();
  return row !== undefined;
}

const bodyOf = (scope: FreezeScope, reason: string) => ({
  reason,
  ...(scope.connector === undefined ? {} : { connector: scope.connector }),
  ...(scope.verb === undefined ? {} : { verb: scope.verb }),
});

export interface FreezeWish extends FreezeScope {
  /** Person id, or 'cordon'. */
  readonly by: string;
  readonly reason: string;
}

/** New effects stop at their next intent. Frozen already: the newer reason counts, and a lift that was begun is off. */
export async function freeze(db: Kysely<Database>, wish: FreezeWish, now: Date): Promise<void> {
  await db.transaction().execute(async (trx) => await freezeWithin(trx, wish, now));
}

/** The same, as a part of something larger. */
export async function freezeWithin(trx: Trx, wish: FreezeWish, now: Date): Promise<void> {
  await sql`
    insert into freezes (connector, verb, by, reason, since) values (${wish.connector ?? ''}, ${wish.verb ?? ''}, ${wish.by}, ${wish.reason}, ${now})
    on conflict (connector, verb) do update set by = excluded.by, reason = excluded.reason, lift_by = null, lift_reason = null, lift_at = null`.execute(
    trx,
  );
  await appendAudit(trx, 'admin', [{ at: now, code: 'freeze.on', actor: wish.by, body: bodyOf(wish, wish.reason) }]);
}

/** asked: another person must confirm · same_person: it was this one who asked · alone: nobody else could, so one was enough. */
export type Lift = 'lifted' | 'alone' | 'asked' | 'same_person' | 'not_frozen';

/** The first person asks for it, a second one lifts it. What waited is woken by the commit that lifts it. */
export async function liftFreeze(db: Kysely<Database>, wish: FreezeWish, now: Date): Promise<Lift> {
  return await db.transaction().execute(async (trx) => {
    const row = await trx
      .selectFrom('freezes')
      .selectAll()
      .where('connector', '=', wish.connector ?? '')
      .where('verb', '=', wish.verb ?? '')
      .forUpdate()
      .executeTakeFirst();
    if (!row) return 'not_frozen';
    const open = row.lift_at !== null && now.getTime() - row.lift_at.getTime() < LIFT_WITHIN_MS;
    if (open && row.lift_by === wish.by) return 'same_person';
    if (open) return await lift(trx, wish, { first: row.lift_by }, now);
    if (!(await anybodyElse(trx, wish.by))) return await lift(trx, wish, { first: null }, now);
    await sql`update freezes set lift_by = ${wish.by}, lift_reason = ${wish.reason}, lift_at = ${now}
      where connector = ${row.connector} and verb = ${row.verb}`.execute(trx);
    await appendAudit(trx, 'admin', [{ at: now, code: 'freeze.lift_asked', actor: wish.by, body: bodyOf(wish, wish.reason) }]);
    return 'asked';
  });
}

/** Somebody other than this person who may lift a freeze. A single-handed installation must not lock itself. */
async function anybodyElse(trx: Trx, personId: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from people where id <> ${personId} and not disabled and role in ('responder', 'engineer', 'admin') limit 1`.execute(trx);
  return rows.length > 0;
}

async function lift(trx: Trx, wish: FreezeWish, { first }: { readonly first: string | null }, now: Date): Promise<Lift> {
  await sql`delete from freezes where connector = ${wish.connector ?? ''} and verb = ${wish.verb ?? ''}`.execute(trx);
  await sql`with waiting as (select distinct run_id from steps where state = 'waiting' and waiting_on = 'freeze') ${armWakes(sql`waiting`)}`.execute(
    trx,
  );
  const body = { ...bodyOf(wish, wish.reason), ...(first === null ? { alone: 'yes' } : { first }) };
  await appendAudit(trx, 'admin', [{ at: now, code: 'freeze.off', actor: wish.by, body }]);
  return first === null ? 'alone' : 'lifted';
}
