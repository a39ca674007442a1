// A store in memory, a fake Temporal, and a dispatch over both, for one test.
import { sql } from 'kysely';
import type { Alert } from '../../alerts/alert.ts';
import type { DispatchDeps } from '../../dispatch/deps.ts';
import { type Dispatch, startDispatch } from '../../dispatch/dispatch.ts';
import type { Page } from '../../dispatch/page.ts';
import type { Plan } from '../../language/plan.ts';
import { publishPlaybook } from '../../store/playbook-versions.ts';
import { createRun } from '../../store/runs.ts';
import type { Store } from '../../store/store.ts';
import { type FakeTemporal, fakeTemporal } from './fake-temporal.ts';

export const NOW = new Date('2026-03-04T05:06:07.089Z');
/** Nothing happens by itself: tests kick, sweep and reconcile. ms. */
const NEVER_MS = 3_600_000;

export interface World {
  readonly store: Store;
  readonly temporal: FakeTemporal;
  readonly pages: Page[];
  readonly log: string[];
  /** Moves dispatch's own clock on. The store's clock is the database's. */
  pass(ms: number): void;
  /** Somebody sets that clock back; time itself goes on. */
  setBack(ms: number): void;
  dispatch(more?: Partial<DispatchDeps>): Dispatch;
  close(): Promise<void>;
}

/** One store for a file of tests; each test begins with empty tables. */
export async function emptyWorld(store: Store): Promise<World> {
  await sql`truncate alerts, deliveries, trigger_decisions, incidents, outbox, playbook_versions, playbook_faults, runs, run_joins, steps, holds, locks,
    lock_waiters, approvals, audit_events, audit_heads cascade`.execute(store.db);
  await sql`insert into incidents (id, title, severity_id) values ('inc_1', 'made up', 3)`.execute(store.db);
  return worldOver(store);
}

function worldOver(store: Store): World {
  const temporal = fakeTemporal();
  const pages: Page[] = [];
  const log: string[] = [];
  const open: Dispatch[] = [];
  let ms = NOW.getTime();
  let setBackMs = 0;
  const write = (facts: object, message: string) =>
    void log.push(`${message} ${JSON.stringify(facts, (_, value) => (value instanceof Error ? value.message : value))}`);
  return {
    store,
    temporal,
    pages,
    log,
    pass(more) {
      ms += more;
    },
    setBack(by) {
      setBackMs += by;
    },
    dispatch(more = {}) {
      const dispatch = startDispatch({
        store,
        client: temporal.client,
        workerId: 'worker-1',
        now: () => new Date(ms - setBackMs),
        monotonicMs: () => ms,
        log: { info: write, warn: write, error: write },
        fail: () => undefined,
        page: (page) => void pages.push(page),
        engineVersion: 1,
        consoleUrl: 'http://127.0.0.1:8080',
        random: () => 0,
        timing: { sweepMs: NEVER_MS, reconcileMs: NEVER_MS },
        ...more,
      });
      open.push(dispatch);
      return dispatch;
    },
    async close() {
      for (const dispatch of open) await dispatch.stop();
    },
  };
}

export const alertOf = (uid: string, more: Partial<Alert> = {}): Alert => ({
  source: 'plain',
  uid,
  finding: uid,
  title: `alert ${uid}`,
  severity: 'medium',
  severity_id: 3,
  status: 'open',
  users: [{ id: `user-${uid}`, name: `Made Up ${uid}` }],
  hosts: [],
  ips: [],
  domains: [],
  urls: [],
  files: [],
  messages: [],
  data: {},
  ...more,
});

/** As the intake leaves them: the alerts and what is owed to them, in one commit. */
export async function takeIn(store: Store, alerts: readonly Alert[]): Promise<void> {
  const rows = alerts.map((alert) => ({
    id: `alr_${alert.uid}`,
    source: alert.source,
    title: alert.title,
    severity_id: alert.severity_id,
    body: alert,
  }));
  await sql`
    with taken as (
      insert into alerts (id, source, delivery_id, finding, state, title, severity_id, body, raw, content_type, incident_id)
      select id, source, id, id, 'accepted', title, severity_id, body, '', 'application/json', 'inc_1'
      from json_to_recordset(${JSON.stringify(rows)}::json) as a(id text, source text, title text, severity_id int, body jsonb)
    )
    insert into outbox (kind, about, dedupe, priority, lane)
    select 'decide', id, 'decide:' || id, severity_id, source
    from json_to_recordset(${JSON.stringify(rows)}::json) as a(id text, source text, severity_id int)`.execute(store.db);
  store.wake('outbox');
}

export const planOf = (more: Partial<Plan> = {}): Plan => ({
  format: 1,
  playbook: 'contain',
  title: 'Contain an account',
  description: 'made up',
  owner: 'identity-response',
  labels: {},
  inputs: { user: { type: 'user', list: false, optional: false } },
  vars: {},
  triggers: [
    {
      kind: 'alert',
      sources: ['plain', 'alertmanager'],
      minSeverityId: 0,
      with: { user: { cel: 'alert.users[0]' } },
      whenResolved: 'note',
    },
  ],
  onFailure: 'keep',
  steps: [],
  ...more,
});

export async function publish(store: Store, plan: Plan = planOf()): Promise<void> {
  const digest = `digest-${plan.playbook}-${JSON.stringify(plan).length}`;
  const wanted = {
    plan,
    digest,
    source: 'made up',
    path: `${plan.playbook}.yaml`,
    author: 'folder',
    firstMode: 'act',
    yieldToPeople: false,
  } as const;
  await publishPlaybook(store.db, wanted, NOW);
}

export interface QueuedRun {
  readonly severityId?: number;
  readonly lane?: string;
  readonly kind?: 'playbook' | 'undo' | 'hold';
  readonly parentRunId?: string;
}

/** A run that waits for its start, as somebody's decision leaves it. */
export async function queueRun(store: Store, more: QueuedRun = {}): Promise<string> {
  const plan = planOf();
  const run = { kind: 'playbook', lane: '', severityId: 3, ...more } as const;
  const made = {
    playbook: 'contain',
    planDigest: 'made',
    plan,
    mode: 'act',
    incidentId: 'inc_1',
    title: 'made up',
    inputs: {},
    startedBy: 'per_1',
    reason: 'made up',
  };
  const id = await createRun(store.db, { ...made, ...run }, NOW);
  if (id === undefined) throw new Error('the run was not made');
  return id;
}

export const runState = async (store: Store, id: string): Promise<string | undefined> =>
  (await store.db.selectFrom('runs').select('state').where('id', '=', id).executeTakeFirst())?.state;

export const outboxStates = async (store: Store): Promise<Record<string, number>> => {
  const { rows } = await sql<{ state: string; count: number }>`select state, count(*)::int as count from outbox group by state`.execute(
    store.db,
  );
  return Object.fromEntries(rows.map((row) => [row.state, row.count]));
};

/** Rows that wait for their next try are due at once: the store's clock need not be waited for. */
export async function hurry(store: Store): Promise<void> {
  await sql`update outbox set next_at = now() where state = 'ready'`.execute(store.db);
}

/** The end of a run, as its last act writes it: its place is free. */
export async function endRun(store: Store, id: string): Promise<void> {
  await sql`update runs set state = 'completed', place_until = null, ended_at = now() where id = ${id}`.execute(store.db);
}
