// The decisions of an approval `a` as JSON, oldest first: who, in whose stead, and what else is needed to say whether they count.
import { type RawBuilder, sql } from 'kysely';
import { CONTAINED_SINCE } from './contained.ts';

/** `more`: further members, as `'name', value, …` over `d` (the decision), `p` (who decided) and `q` (whom they stood in for). */
export const decisionsOf = (
  more: RawBuilder<unknown> = sql`'names', array_remove(array[lower(d.person_id), lower(d.sub), lower(p.login), lower(p.email),
    lower(q.id), lower(q.sub), lower(q.login), lower(q.email)], null)`,
): RawBuilder<unknown> => sql`
  coalesce((select jsonb_agg(jsonb_build_object('iss', d.iss, 'sub', d.sub, 'role', d.role, 'decision', d.decision, 'provenAgoMs', d.proven_ago_ms, 'contained', ${CONTAINED_SINCE},
      'for', case when q.id is not null then jsonb_build_object('iss', q.iss, 'sub', q.sub) end, ${more}) order by d.id)
    from decisions d left join people p on p.id = d.person_id left join people q on q.id = d.for_person_id where d.approval_id = a.id), '[]')`;
