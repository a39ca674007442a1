// Rows as the worker's process would have written them, for tests of what is read and decided.

import { openApproval } from '../../store/approvals.ts';
import { newId } from '../../store/ids.ts';
import { openIncident } from '../../store/incidents.ts';
import { createRun } from '../../store/runs.ts';
import type { Store } from '../../store/store.ts';
import { NOW } from './harness.ts';

export async function makeRun(
  store: Store,
  more: { readonly startedBy?: string; readonly alertId?: string; readonly planDigest?: string } = {},
): Promise<string> {
  const incidentId = await openIncident(store.db, { title: 'Impossible travel', severityId: 4 }, NOW);
  const run = await createRun(
    store.db,
    {
      kind: 'playbook',
      playbook: 'contain-compromised-account',
      planDigest: more.planDigest ?? 'made-up-digest',
      mode: 'act',
      incidentId,
      title: 'Contain a compromised account: Eve Adams',
      inputs: { user: { id: 'user-007' } },
      severityId: 4,
      lane: 'plain',
      startedBy: more.startedBy ?? 'trigger',
      reason: 'matched: source plain',
      ...(more.alertId === undefined ? {} : { alertId: more.alertId }),
    },
    NOW,
  );
  await store.db
    .updateTable('runs')
    .set({ state: 'running' })
    .where('id', '=', run ?? '')
    .execute();
  return run ?? '';
}

const item = {
  key: 'disable',
  digest: 'made-up-item-digest',
  says: 'Disable Eve Adams (user-007)',
  saysUndo: 'Enable Eve Adams (user-007)',
  verb: 'user.disable',
  risk: 'reversible',
  connector: 'idp',
  simulated: true,
  entity: 'user:user-007',
  entityName: 'Eve Adams',
  params: { user: { id: 'user-007' } },
  tags: [],
  dependents: [],
  policy: { effect: 'ask', rule: 'reversible-asks', reason: 'reversible effects are approved' },
} as const;

interface Escalated {
  readonly afterMs: number;
  readonly to: object;
}

export interface ApprovalWish {
  readonly kind?: 'approval' | 'question';
  readonly role?: 'viewer' | 'analyst' | 'responder';
  readonly count?: number;
  readonly withinMs?: number;
  readonly addressedTo?: object;
  readonly escalate?: Escalated | Escalated[];
  readonly stepUpMs?: number;
  readonly remindMs?: readonly number[];
  readonly risk?: 'destructive';
  /** Of the person to whom it would be done. */
  readonly names?: readonly string[];
  /** A form or rows instead of choices. */
  readonly asked?: object;
}

export async function makeApproval(store: Store, runId: string, wish: ApprovalWish = {}): Promise<string> {
  const run = await store.db.selectFrom('runs').select('incident_id').where('id', '=', runId).executeTakeFirstOrThrow();
  const isQuestion = wish.kind === 'question';
  return await openApproval(
    store.db,
    {
      runId,
      incidentId: run.incident_id,
      key: isQuestion ? 'verdict' : 'contain',
      stepId: isQuestion ? 'verdict' : 'contain',
      round: 0,
      kind: wish.kind ?? 'approval',
      title: isQuestion ? 'Is this a true positive?' : 'Disable Eve Adams (user-007)',
      items: isQuestion ? [] : [{ ...item, ...(wish.risk ? { risk: wish.risk } : {}), ...(wish.names ? { names: wish.names } : {}) }],
      canonical: '{}',
      digest: 'made-up-approval-digest',
      requirement: {
        count: wish.count ?? 1,
        role: wish.role ?? 'responder',
        ...(wish.stepUpMs === undefined ? {} : { stepUpMs: wish.stepUpMs }),
        reasons: [{ rule: 'reversible-asks', reason: 'it is reversible' }],
      },
      ...(isQuestion && !wish.asked ? { choices: ['true-positive', 'false-positive'], silence: 'true-positive' } : {}),
      ...(wish.asked ? { asked: wish.asked, silence: 'keep' } : {}),
      addressedTo: wish.addressedTo ?? {},
      ...(wish.escalate ? { escalate: [wish.escalate].flat() } : {}),
      withinMs: wish.withinMs ?? 900_000,
      remindMs: wish.remindMs ?? [],
    },
    NOW,
  );
}

/** An effect in force, with its step. */
export async function makeHold(
  store: Store,
  runId: string,
  more: { readonly key?: string; readonly state?: string } = {},
): Promise<string> {
  const id = newId('hld', NOW);
  const key = more.key ?? 'disable';
  const run = await store.db.selectFrom('runs').select('incident_id').where('id', '=', runId).executeTakeFirstOrThrow();
  await store.db
    .insertInto('steps')
    .values({
      run_id: runId,
      key,
      step_id: key,
      kind: 'do',
      verb: 'user.disable',
      risk: 'reversible',
      connector: 'idp',
      why: null,
      entity: 'user:user-007',
      entity_name: 'Eve Adams',
      entity_id: 'user-007',
      says: 'Disable Eve Adams (user-007)',
      state: 'ended',
      waiting_on: null,
      approval_id: null,
      idempotency_key: null,
      owner: null,
      lands_within_ms: null,
      fence: null,
      outcome: 'changed',
      after: JSON.stringify({ enabled: false }),
      hold_id: id,
    })
    .execute();
  await store.db
    .insertInto('holds')
    .values({
      id,
      run_id: runId,
      key,
      generation: 0,
      step_id: key,
      incident_id: run.incident_id,
      entity: 'user:user-007',
      entity_name: 'Eve Adams',
      entity_id: 'user-007',
      verb: 'user.disable',
      connector: 'idp',
      params: '{}',
      before: '{"enabled":true}',
      says_undo: 'Enable Eve Adams (user-007)',
      state: more.state ?? 'active',
      on_expiry: 'ask',
      expires_at: '2099-01-01T00:00:00Z',
      ended_by: null,
      debt_reason: null,
      debt_owner: null,
    })
    .execute();
  return id;
}
