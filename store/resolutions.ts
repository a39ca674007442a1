// The source says that it is over: what runs with its key hold is undone, or people are asked. It counts as well for what a run that is still open
// does later (it waited for a place, an approval, a freeze), until an alert with its key joins the run again.
import { sql } from 'kysely';
import type { Db, Trx } from './store.ts';
import { askRelease, undoInside } from './undo.ts';

export interface Resolution {
  readonly playbook: string;
  readonly dedupeKey: string;
  /** What the trigger says follows: `undo` by itself, or people are asked. */
  readonly action: 'undo' | 'ask';
  readonly reason: string;
}

/** Verbs that can silence the source of an alert: its all-clear may only mean that it can no longer speak. */
const SILENCING = ['host.isolate', 'host.quarantine', 'host.lock', 'ip.block', 'domain.block'];

interface Held {
  readonly run_id: string;
  readonly holds: string[];
  readonly names: string;
  /** Never undone by itself: our own isolation may be why the source is quiet. */
  readonly silencing: boolean;
}

const HELD = sql`h.run_id, array_agg(h.id order by h.id) as holds, string_agg(distinct h.entity_name, ', ') as names,
  bool_or(h.verb = any(${SILENCING})) as silencing`;

/** Not what a person has handed to the run (transferHold): they want it held. */
const UNANSWERED = sql`h.run_id = x.run_id and h.state = 'active' and not h.id = any(x.answered) and strpos(h.key, '~hld_') = 0`;

/** The runs that were made, and whether open ones with this key remember it. */
export async function resolveHolds(trx: Trx, wish: Resolution, now: Date): Promise<{ readonly made: string[]; readonly isNoted: boolean }> {
  // Before the look at what is held: a run that is no longer open has placed all that it ever will.
  const noted = await sql`
    insert into resolutions (run_id, action, reason)
    select id, ${wish.action}, ${wish.reason} from runs where playbook = ${wish.playbook} and dedupe_key = ${wish.dedupeKey} and kind = 'playbook'
      and state in ('queued', 'starting', 'running', 'waiting')
    on conflict (run_id) do update set action = excluded.action, reason = excluded.reason, at = clock_timestamp()
    returning run_id`.execute(trx);
  const { rows } = await sql<Held>`
    select ${HELD} from holds h join runs r on r.id = h.run_id
    where r.playbook = ${wish.playbook} and r.dedupe_key = ${wish.dedupeKey} and r.kind = 'playbook' and h.state = 'active'
    group by h.run_id order by h.run_id`.execute(trx);
  const made: string[] = [];
  for (const held of rows) {
    const { run_id: runId, holds, names } = held;
    const id =
      wish.action === 'undo' && !held.silencing
        ? await undoInside(trx, { runId, holds, by: 'cordon', reason: wish.reason }, now)
        : await askRelease(trx, { runId, holds, names }, { said: 'The source says that it is over.', reason: wish.reason }, now);
    if (id === undefined) continue;
    made.push(id);
    await noteAnswered(trx, held);
  }
  return { made, isNoted: noted.rows.length > 0 };
}

interface LateHeld extends Held {
  readonly action: 'undo' | 'ask';
  readonly reason: string;
  /** A person has approved or answered something of the run since the source said so. */
  readonly approved: boolean;
}

/** How many runs with late holds are dealt with at once. */
const LATE_LIMIT = 50;

/**
 * What was done after its source had said that it is over. Undone by itself only where no person has approved it since: they are asked whether they
 * meant it. Runs whose question is still open are looked at again later.
 */
export async function answerLateHolds(trx: Trx, now: Date): Promise<number> {
  const { rows } = await sql<LateHeld>`
    with late as (
      select x.* from resolutions x where exists (select 1 from holds h where ${UNANSWERED}) and not exists (
        select 1 from runs r join runs q on q.playbook = r.playbook and q.dedupe_key = 'resolved:' || r.id
        where r.id = x.run_id and q.state in ('queued', 'starting', 'running', 'waiting'))
      order by x.at limit ${LATE_LIMIT} for update skip locked
    )
    select ${HELD}, x.action, x.reason,
      exists (select 1 from approvals a where a.run_id = h.run_id and a.decided_at >= x.at
        and (a.state = 'answered' or a.kind = 'approval' and a.state = 'granted')) as approved
    from late x join holds h on ${UNANSWERED} group by h.run_id, x.action, x.reason, x.at order by x.at`.execute(trx);
  for (const held of rows) {
    const { run_id: runId, holds, names } = held;
    const reason = `${held.reason}, before this was done`;
    const said = 'The source said that it was over, before this was done.';
    if (held.action === 'undo' && !held.silencing && !held.approved) await undoInside(trx, { runId, holds, by: 'cordon', reason }, now);
    else await askRelease(trx, { runId, holds, names }, { said, reason }, now);
    await noteAnswered(trx, held);
  }
  return rows.length;
}

async function noteAnswered(db: Db, { run_id, holds }: Held): Promise<void> {
  await sql`update resolutions set answered = answered || ${holds}::text[] where run_id = ${run_id}`.execute(db);
}

/** A run that has ended places nothing any more; what it holds and nobody was asked about is dealt with first. */
export async function forgetResolutions(db: Db): Promise<void> {
  await sql`delete from resolutions x using runs r where r.id = x.run_id and r.state not in ('queued', 'starting', 'running', 'waiting')
    and not exists (select 1 from holds h where ${UNANSWERED})`.execute(db);
}
