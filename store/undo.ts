// Asking for an undo. An undo is a run of its own with a made plan: durable, visible, audited like any other.
import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Plan, Step } from '../language/plan.ts';
import { appendAudit } from './audit.ts';
import { createRun } from './runs.ts';
import type { Db, Trx } from './store.ts';
import type { Database } from './tables.ts';

const stepBase = { named: true, line: 1, onError: 'stop', onDenied: 'stop' } as const;
const undoStep: Step = { ...stepBase, kind: 'undo', id: 'undo', scope: 'all' };

const madePlan = (playbook: string, title: string, steps: readonly Step[]): Plan => ({
  format: 1,
  playbook,
  title,
  description: title,
  owner: 'cordon',
  labels: {},
  inputs: {},
  vars: {},
  triggers: [],
  onFailure: 'keep',
  steps,
});

const digestOf = (plan: Plan): string => createHash('sha256').update(JSON.stringify(plan)).digest('hex');

interface Parent {
  readonly id: string;
  readonly playbook: string;
  readonly title: string;
  readonly incident_id: string;
  readonly severity_id: number;
  readonly alert_id: string | null;
}

const parentOf = async (db: Db, runId: string): Promise<Parent | undefined> =>
  await db
    .selectFrom('runs')
    .select(['id', 'playbook', 'title', 'incident_id', 'severity_id', 'alert_id'])
    .where('id', '=', runId)
    .executeTakeFirst();

interface UndoWish {
  readonly runId: string;
  /** Only these ledger entries; absent: all of the run. */
  readonly holds?: readonly string[];
  /** Person id, or 'cordon'. */
  readonly by: string;
  readonly reason: string;
}

/** The undo run's id, in the caller's transaction; the open one's when the same undo is under way. Undefined: there is no such run. */
export async function undoInside(trx: Trx, wish: UndoWish, now: Date): Promise<string | undefined> {
  const parent = await parentOf(trx, wish.runId);
  if (!parent) return undefined;
  const plan = madePlan(parent.playbook, `Undo: ${parent.title}`, [undoStep]);
  const dedupeKey = wish.holds ? `release:${shortly([...wish.holds].sort().join(','))}` : `undo:${parent.id}`;
  const inputs = wish.holds ? { holds: wish.holds } : {};
  const id = await createRun(trx, { ...madeRun(parent, plan, wish.by, wish.reason), kind: 'undo', inputs, dedupeKey }, now);
  if (id === undefined) return await openRun(trx, parent.playbook, dedupeKey);
  const body = { undoRun: id, reason: wish.reason, holds: wish.holds ?? 'all' };
  await appendAudit(trx, parent.id, [{ at: now, code: 'undo.requested', actor: wish.by, body }]);
  return id;
}

/** An index takes no more than 2704 bytes, which some ninety ids are. */
const shortly = (ids: string): string => (ids.length <= 1_000 ? ids : createHash('sha256').update(ids).digest('hex'));

const madeRun = (parent: Parent, plan: Plan, by: string, reason: string) => ({
  playbook: parent.playbook,
  planDigest: digestOf(plan),
  plan,
  mode: 'act',
  incidentId: parent.incident_id,
  parentRunId: parent.id,
  title: plan.title,
  severityId: parent.severity_id,
  lane: '',
  startedBy: by,
  reason,
});

async function openRun(trx: Trx, playbook: string, dedupeKey: string): Promise<string | undefined> {
  const row = await trx
    .selectFrom('runs')
    .select('id')
    .where('playbook', '=', playbook)
    .where('dedupe_key', '=', dedupeKey)
    .where('state', 'in', ['queued', 'starting', 'running', 'waiting'])
    .executeTakeFirst();
  return row?.id;
}

/** Releases one ledger entry. Undefined: there is no such active entry. */
export async function requestRelease(
  db: Kysely<Database>,
  wish: { holdId: string; by: string; reason: string },
  now: Date,
): Promise<string | undefined> {
  return await db.transaction().execute(async (trx) => {
    const hold = await trx.selectFrom('holds').select(['run_id', 'state']).where('id', '=', wish.holdId).executeTakeFirst();
    if (!hold || !['active', 'debt'].includes(hold.state)) return undefined;
    return await undoInside(trx, { runId: hold.run_id, holds: [wish.holdId], by: wish.by, reason: wish.reason }, now);
  });
}

/** Asked again this long after people kept it, or were silent, ms. */
const ASK_AGAIN_MS = 24 * 3_600_000;

/** A hold whose time is over: released by itself where the playbook said so, else people are asked and silence keeps it. */
export async function startHoldRun(trx: Trx, holdId: string, now: Date): Promise<string | undefined> {
  const hold = await trx
    .selectFrom('holds')
    .select(['id', 'run_id', 'entity_name', 'says_undo', 'on_expiry', 'expires_at'])
    .where('id', '=', holdId)
    .where('state', '=', 'active')
    .where('expires_at', '<=', sql<Date>`now()`)
    .forUpdate()
    .executeTakeFirst();
  if (!hold) return undefined;
  await sql`update holds set expires_at = now() + ${ASK_AGAIN_MS} * interval '1 millisecond' where id = ${hold.id}`.execute(trx);
  const reason = `the hold on ${hold.entity_name} has reached its end`;
  if (hold.on_expiry === 'release') return await undoInside(trx, { runId: hold.run_id, holds: [hold.id], by: 'cordon', reason }, now);
  const parent = await parentOf(trx, hold.run_id);
  if (!parent) return undefined;
  const plan = madePlan(
    parent.playbook,
    `Still hold ${hold.entity_name}?`,
    askSteps(`${hold.entity_name} has been held as long as was asked for. ${hold.says_undo}? Silence keeps it held.`),
  );
  const dedupeKey = `hold:${hold.id}`;
  return await createRun(trx, { ...madeRun(parent, plan, 'cordon', reason), kind: 'hold', inputs: { holds: [hold.id] }, dedupeKey }, now);
}

/** People are asked whether to release these; silence keeps them. Undefined: they are being asked about this run already. */
export async function askRelease(
  trx: Trx,
  held: { readonly runId: string; readonly holds: readonly string[]; readonly names: string },
  why: { readonly said: string; readonly reason: string },
  now: Date,
): Promise<string | undefined> {
  const parent = await parentOf(trx, held.runId);
  if (!parent) return undefined;
  const steps = askSteps(`${why.said} Release ${held.names}? Silence keeps it held.`);
  const run = {
    ...madeRun(parent, madePlan(parent.playbook, `Release ${held.names}?`, steps), 'cordon', why.reason),
    kind: 'hold' as const,
    inputs: { holds: held.holds },
    dedupeKey: `resolved:${held.runId}`,
  };
  return await createRun(trx, run, now);
}

function askSteps(title: string): Step[] {
  return [
    {
      ...stepBase,
      kind: 'ask',
      id: 'keep',
      to: { role: 'responder' },
      title: { lit: title },
      choices: ['keep', 'release'],
      withinMs: 8 * 3_600_000,
      remindMs: [],
      else: 'keep',
    },
    { ...undoStep, when: "steps.keep.answer == 'release'" },
  ];
}
