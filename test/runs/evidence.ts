// A world with a real Temporal server as evidence for the invariants: the range's own record, the tests' own notes, and only then the store.
import { sql } from 'kysely';
import type { RecordLine } from '../../range/record.ts';
import type { Store } from '../../store/store.ts';
import type { Decided, Effect, Evidence, Flight, Violation } from '../invariants/evidence.ts';
import type { Seal } from '../invariants/seal.ts';
import { type OwnChecks, violationsOf } from '../invariants/violations.ts';

/** How many people must have agreed before something is contained, by what the author of a test knows; undefined: nobody may do it. */
export type Needs = (effect: string, target: string) => number | undefined;

/** As the trial's policy is meant. */
export const TRIAL_NEEDS: Needs = (_, target) => (['dc-01', 'break-glass', 'svc-cordon'].includes(target) ? undefined : 1);

/** What a world notes for this beside Cordon. */
export interface Notes {
  readonly acknowledged: string[];
  readonly decisions: Decided[];
  /** Things that somebody else has changed at a product. */
  readonly foreign: Set<string>;
  readonly said: string[];
  /** True: dispatch was stopped by the test; what is due stays there. */
  unattended: boolean;
}

interface Seen {
  readonly store: Store;
  readonly record: () => Promise<readonly RecordLine[]>;
  readonly notes: Notes;
  readonly needs: Needs;
  readonly secrets: readonly string[];
  readonly seal: Seal;
}

/** Empty: all hold. I10 is looked at when the world closes, over all of its histories at once (replays.ts). */
export async function violationsIn(seen: Seen): Promise<readonly Violation[]> {
  const lines = (await seen.record()).filter((line) => line.effect !== null && !isWords(line));
  const landed = lines.filter((line) => isChange(line) || (line.status !== null && line.status < 300));
  const asked = await approvalsOf(seen.store);
  const evidence: Evidence = {
    store: seen.store,
    landed,
    flights: landed.map(flightOf),
    decisions: seen.notes.decisions,
    foreign: seen.notes.foreign,
    needed: (effect) => atLeast(seen.needs(effect.effect, effect.target), asked(effect)),
    valueOf: (product, target) => lines.findLast((line) => line.product === product && line.target === target)?.after ?? null,
    secrets: seen.secrets,
    seal: seen.seal,
    isAttended: !seen.notes.unattended,
    said: seen.notes.said,
  };
  return await violationsOf(evidence, ownChecks(seen.notes));
}

/** What channels say to people: no effect of a run. */
const isWords = ({ product, key }: RecordLine): boolean => key === null && ['slack', 'teams', 'pagerduty'].includes(product);
const isChange = ({ before, after }: RecordLine): boolean => JSON.stringify(before) !== JSON.stringify(after);
const atLeast = (needed: number | undefined, more: number) => (needed === undefined ? undefined : Math.max(needed, more));

const flightOf = (line: RecordLine): Flight => ({
  product: line.product,
  key: line.key ?? '',
  word: line.effect ?? '',
  target: line.target ?? '',
  sentMs: Date.parse(line.since ?? line.at),
  landedMs: Date.parse(line.at),
});

/** How many approvals the playbook itself asks for before a step, in the version and the mode that the run began with. */
async function approvalsOf({ db }: Store): Promise<(effect: Effect) => number> {
  const runs = await db
    .selectFrom('runs')
    .innerJoin('playbook_versions', 'playbook_versions.digest', 'runs.plan_digest')
    .select(['runs.id', 'runs.mode', 'runs.plan_digest', 'playbook_versions.plan'])
    .execute();
  const byDigest = new Map<string, ReadonlyMap<string, number>>();
  for (const { plan_digest, plan } of runs) if (!byDigest.has(plan_digest)) byDigest.set(plan_digest, approvalsIn(plan));
  const byRun = new Map(runs.map((run) => [run.id, run]));
  return ({ runId, step }) => {
    const run = byRun.get(runId);
    const id = step.split('.').at(-1)?.replace(/~.*$/, '') ?? '';
    const written = byDigest.get(run?.plan_digest ?? '')?.get(id) ?? 0;
    return run?.mode === 'ask' ? Math.max(1, written) : written;
  };
}

/** By step's id; an approval over a group or a loop is one over each step in it, and one that may be waived is none. */
function approvalsIn(plan: unknown, inherited = 0, found = new Map<string, number>()): ReadonlyMap<string, number> {
  if (typeof plan !== 'object' || plan === null) return found;
  // As the plan's own type has them: language/plan.ts.
  const { id, approve } = plan as {
    readonly id?: unknown;
    readonly approve?: { readonly by: { readonly count: number }; readonly unless?: unknown };
  };
  const count = approve !== undefined && approve.unless === undefined ? approve.by.count : inherited;
  if (typeof id === 'string') found.set(id, count);
  for (const part of Object.values(plan)) approvalsIn(part, count, found);
  return found;
}

/** Work that is due and that nobody takes, ms: a run that went wrong must not hold up others. */
const OVERDUE_MS = 30_000;

const whenItCloses = (): void => undefined;

const ownChecks = (notes: Notes): OwnChecks => ({
  I1: async ({ store }, say) => {
    const rows = await store.db.selectFrom('alerts').select(['id', 'decided_at']).execute();
    const owed = await store.db.selectFrom('outbox').select('about').where('kind', '=', 'decide').where('state', '<>', 'done').execute();
    for (const id of notes.acknowledged) {
      const row = rows.find((each) => each.id === id);
      if (!row) say(`alert ${id} was acknowledged and is not there`);
      else if (row.decided_at === null && !owed.some(({ about }) => about === id))
        say(`alert ${id} was acknowledged, and nothing is to decide it`);
    }
  },
  I10: whenItCloses,
  I11: async ({ store }, say) => {
    if (notes.unattended) return;
    const { rows } = await sql<{ kind: string; about: string; next_at: Date }>`
      select kind, about, next_at from outbox where state = 'ready' and next_at < clock_timestamp() - ${OVERDUE_MS} * interval '1 millisecond'`.execute(
      store.db,
    );
    for (const row of rows) say(`nobody takes what has been due since ${row.next_at.toISOString()}: ${row.kind} ${row.about}`);
  },
  I12: async ({ store }, say) => {
    const { rows } = await sql<{ what: string; id: string }>`
      select 'a lock' as what, r.id from locks l join runs r on r.id = l.run_id where r.ended_at is not null and l.lease_until > clock_timestamp()
      union all select 'a turn for a lock', r.id from lock_waiters w join runs r on r.id = w.run_id where r.ended_at is not null
      union all select 'a place', id from runs where ended_at is not null and place_until > clock_timestamp()
      union all select 'an open question', r.id from approvals a join runs r on r.id = a.run_id where a.state = 'open' and r.ended_at is not null`.execute(
      store.db,
    );
    for (const { what, id } of rows) say(`${what} is left over of ${id}, which has ended`);
  },
});
