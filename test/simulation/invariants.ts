// A case of the simulation as evidence for the invariants, and those that only the simulation's own Temporal and clock can tell.
import { sql } from 'kysely';
import type { Evidence, Violation } from '../invariants/evidence.ts';
import { sealOf } from '../invariants/seal.ts';
import { type OwnChecks, violationsOf } from '../invariants/violations.ts';
import type { Happening } from './carried.ts';
import { neededFor, PEOPLE } from './cases.ts';
import type { Lived } from './world.ts';

/** Empty: all hold. */
export const violations = async (lived: Lived): Promise<readonly Violation[]> => await violationsOf(evidenceOf(lived), ownChecks(lived));

const evidenceOf = ({ store, products, journal, said, temporal, ended }: Lived): Evidence => ({
  store,
  landed: products.lines.filter((line) => line.landed && line.effect !== null),
  flights: products.flights,
  decisions: journal.decisions.map((one) => ({
    ...one,
    names: [PEOPLE[one.who].login],
    mayApprove: PEOPLE[one.who].role === 'responder',
  })),
  foreign: journal.foreign,
  needed: ({ effect, target }) => neededFor(effect, target),
  valueOf: products.valueOf,
  secrets: Object.values(products.tokens),
  seal: sealOf(),
  isAttended: ended,
  said: [...said, ...temporal.runs.map((run) => run.input + JSON.stringify(run.history.map(inWords)))],
});

/** An error's message is no part of its JSON. */
const inWords = (one: Happening) => ('ending' in one && !one.ending.ok ? { ...one, said: one.ending.error.message } : one);

/** Not a fault's doing and not a person's: nobody answered for it. */
const OVERLONG_MS = 45_000;
const MAX_HISTORY = 200;
const MAX_REQUESTS = 2_500;

const ownChecks = (lived: Lived): OwnChecks => ({
  I1: async ({ store }, say) => {
    const rows = await store.db.selectFrom('alerts').select(['id', 'decided_at']).execute();
    for (const id of lived.alerts) {
      const row = rows.find((each) => each.id === id);
      if (!row) say(`alert ${id} was acknowledged and is not there`);
      else if (row.decided_at === null) say(`alert ${id} was acknowledged and nothing was ever decided about it`);
    }
    if (lived.ended) return;
    const open = await store.db.selectFrom('runs').select(['id', 'state', 'title']).where('ended_at', 'is', null).execute();
    const owed = await store.db.selectFrom('outbox').select(['kind', 'about', 'error']).where('state', '=', 'ready').execute();
    say(`it never comes to an end: runs ${JSON.stringify(open)}, outbox ${JSON.stringify(owed)}`);
  },
  I10: async (_, say) => {
    for (const run of lived.temporal.runs) {
      if (run.failure && (run.failure as { nonRetryable?: boolean }).nonRetryable !== true)
        say(`workflow code failed: ${run.failure.stack}`); // ApplicationFailure's own member
      const different = await lived.temporal.replay(run);
      if (different !== undefined) say(`${run.workflowId} does not replay: ${different}`);
    }
  },
  I11: async ({ store }, say) => {
    const run = await store.db.selectFrom('runs').selectAll().where('playbook', '=', 'bystander').executeTakeFirst();
    const tookMs = run?.ended_at ? run.ended_at.getTime() - run.created_at.getTime() : undefined;
    if (run && (tookMs === undefined || tookMs > OVERLONG_MS + lived.awayMs))
      say(`the bystander took ${tookMs ?? 'for ever'} ms beside ${lived.awayMs} ms without a worker`);
  },
  I12: async ({ store }, say) => {
    if (!lived.ended) return;
    const { rows } = await sql<{ what: string; count: number }>`
      select 'outbox rows' as what, count(*)::int from outbox where state = 'ready'
      union all select 'locks', count(*)::int from locks where lease_until > clock_timestamp()
      union all select 'who waits for a lock', count(*)::int from lock_waiters w join runs r on r.id = w.run_id where r.ended_at is null
      union all select 'places', count(*)::int from runs where ended_at is not null and place_until > clock_timestamp()`.execute(store.db);
    for (const { what, count } of rows) if (count > 0) say(`left over: ${count} ${what}`);
    const longest = Math.max(0, ...lived.temporal.runs.map((run) => run.history.length));
    if (longest > MAX_HISTORY) say(`a history has ${longest} events`);
    if (lived.products.lines.length > MAX_REQUESTS) say(`${lived.products.lines.length} requests were sent`);
  },
});
