// What makes approvals alike: one playbook, one step, the same actions through the same connectors, the same requirement.
import { sql } from 'kysely';
import type { Db } from '../store.ts';

/** Of an approval `a` of run `r`: equal for those that are alike. */
export const ALIKE = sql`concat_ws(' ', a.kind, r.playbook, a.step_id, jsonb_path_query_array(a.items, '$[*].verb')::text,
  jsonb_path_query_array(a.items, '$[*].connector')::text, a.requirement->>'count', a.requirement->>'role', a.requirement->>'stepUpMs')`;

/** By id; those that are not there are left out. */
export async function readAlikeness(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ id: string; alike: string }>`
    select a.id, ${ALIKE} as alike from approvals a join runs r on r.id = a.run_id where a.kind = 'approval' and a.id = any(${[...ids]})`.execute(
    db,
  );
  return new Map(rows.map(({ id, alike }) => [id, alike]));
}
