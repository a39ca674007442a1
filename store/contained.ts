// People whose own account we hold: until it is given back whoever uses it decides nothing, whichever door they come in by.
import { type RawBuilder, sql } from 'kysely';
import type { Db } from './store.ts';

/** Of a row `p` of people: something that may be in force is held of an account of that name. */
export const IS_CONTAINED = sql`exists (select 1 from holds h where h.state in ('active', 'releasing', 'debt')
  and h.entity_names && array_remove(array[lower(p.id), lower(p.sub), lower(p.login), lower(p.email)], null))`;

/** Those of them, as an array. */
export const containedOf = (personIds: readonly string[]): RawBuilder<unknown> =>
  sql`array(select p.id from people p where p.id = any(${[...personIds]}::text[]) and ${IS_CONTAINED})`;

export async function isContained(db: Db, personId: string): Promise<boolean> {
  const { rows } = await sql`select from people p where p.id = ${personId} and ${IS_CONTAINED}`.execute(db);
  return rows.length > 0;
}
