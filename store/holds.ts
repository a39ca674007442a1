// The ledger: reversible effects of ours that may be in force. Entries are made and ended in the commits of effects.ts.
import { sql } from 'kysely';
import { maybeSent } from './maybe-sent.ts';
import type { Db } from './store.ts';

/** A ledger entry as the runtime needs it. */
export interface HoldRecord {
  readonly id: string;
  readonly run_id: string;
  readonly key: string;
  readonly generation: number;
  readonly step_id: string;
  readonly entity: string;
  readonly entity_name: string;
  readonly entity_id: string;
  readonly verb: string;
  readonly connector: string;
  readonly params: unknown;
  readonly before: unknown;
  readonly says_undo: string;
  readonly state: string;
  /** Runs that hold the same entity by the same verb, beside this entry's; a lost run holds what it owes until somebody has settled it. */
  readonly others: readonly string[];
}

/** Does the entry `o` keep in place what the entry `h` would give back? What is owed itself waits for no other debt: two would wait for each other. */
export const HOLDS_TOO = sql`(o.state = 'active' or (o.state = 'debt' and h.state <> 'debt'
  and exists (select 1 from runs lost where lost.id = o.run_id and lost.state = 'lost')))`;

/**
 * What a run beside `h` has sent and got no answer for, as `run_id` and `at`: it is not in the ledger yet, and is wanted. Of a run that goes on:
 * what others intended is owed, as a debt.
 */
export const INTENDED_TOO = sql`select s.run_id, coalesce(s.intent_at, s.lease_until) as at from steps s join runs going on going.id = s.run_id
  where s.entity = h.entity and s.verb = h.verb and s.connector = h.connector and s.run_id <> h.run_id and s.kind = 'do'
    and ${maybeSent('s')}
    and going.state in ('starting', 'running', 'waiting')`;

const columns = sql`h.id, h.run_id, h.key, h.generation, h.step_id, h.entity, h.entity_name, h.entity_id, h.verb, h.connector, h.params, h.before,
  h.says_undo, h.state, coalesce((select array_agg(beside.run_id order by beside.at) from (
    select o.run_id, o.placed_at as at from holds o
    where o.entity = h.entity and o.verb = h.verb and o.connector = h.connector and o.id <> h.id and ${HOLDS_TOO}
    union all ${INTENDED_TOO}) beside), '{}') as others`;

export async function readHold(db: Db, id: string): Promise<HoldRecord | undefined> {
  const { rows } = await sql<HoldRecord>`select ${columns} from holds h where h.id = ${id}`.execute(db);
  return rows[0];
}

/** For who has the entity's lock: a hand-over that is being committed is waited for, and a later one finds the lock (transferHold). */
export async function readHoldUnderLock(db: Db, id: string): Promise<HoldRecord | undefined> {
  const { rows } = await sql<HoldRecord>`select ${columns} from holds h where h.id = ${id} for share of h`.execute(db);
  return rows[0];
}

/** Ends what stands for every turn of a loop (engine/keys.ts). */
const ANY_TURN = '#*';

/** What an undo has to take back: for an undo run, and one that asks about a hold, its parent's entries (all, or those it names), else its own. Last first. */
export async function listUndoable(db: Db, runId: string, steps: 'all' | readonly string[]): Promise<HoldRecord[]> {
  const named = steps === 'all' ? [] : steps.filter((key) => !key.endsWith(ANY_TURN));
  const turns = steps === 'all' ? [] : steps.filter((key) => key.endsWith(ANY_TURN)).map((key) => key.slice(0, -1));
  const { rows } = await sql<HoldRecord>`
    select ${columns} from holds h join runs r on r.id = ${runId}
    where h.run_id = coalesce(r.parent_run_id, r.id) and h.state in ('active', 'releasing', 'debt')
      and (r.kind = 'playbook' or r.inputs->'holds' is null or r.inputs->'holds' ? h.id)
      and (${steps === 'all'} or h.key = any(${named}) or exists (select 1 from unnest(${turns}::text[]) as turn where starts_with(h.key, turn)))
    order by h.placed_at desc, h.id desc`.execute(db);
  return rows;
}
