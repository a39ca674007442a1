// People whose own account we hold: until it is given back whoever uses it decides nothing, whichever door they come in by.
import { type RawBuilder, sql } from 'kysely';
import type { Db } from './store.ts';

/** Of a row `p` of people, in a hold `h` of theirs. Whoever is meant for emergencies goes on: with a single admin there would be nobody to release them. */
const IS_THEIRS = sql`not p.break_glass and h.verb in ('user.disable', 'privilege.suspend', 'password.expire')
  and h.entity_names && array_remove(array[lower(p.id), lower(p.sub), lower(p.login), lower(p.email)], null)`;

/**
 * Of a row `p` of people: an account of that name is held from whoever has it. A password that was made void contains only until it is renewed (the
 * re-check then finds that it drifted), and a rule of a mailbox contains nobody.
 */
export const IS_CONTAINED = sql`exists (select 1 from holds h where ${IS_THEIRS}
  and h.state in ('active', 'releasing', 'debt') and (h.verb <> 'password.expire' or h.drifted_at is null))`;

/** Of a row `p` of people and what they said in `d`: they were contained since, so that nobody knows who said it. Free again, they may say it again. */
export const CONTAINED_SINCE = sql`(${IS_CONTAINED} or exists (select 1 from holds h where ${IS_THEIRS} and h.placed_at >= d.at))`;

/** Those of them, as an array. */
export const containedOf = (personIds: readonly string[]): RawBuilder<unknown> =>
  sql`array(select p.id from people p where p.id = any(${[...personIds]}::text[]) and ${IS_CONTAINED})`;

export async function isContained(db: Db, personId: string): Promise<boolean> {
  const { rows } = await sql`select from people p where p.id = ${personId} and ${IS_CONTAINED}`.execute(db);
  return rows.length > 0;
}
