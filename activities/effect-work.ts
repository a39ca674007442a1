// One effect's work and its end: what it is about, and the one commit that records its outcome, the ledger and the audit event.
import type { Json, OpenAction } from '../connectors/connector.ts';
import type { ApproveWish, PerformItem, StepResult } from '../engine/command.ts';
import type { DoStep } from '../language/plan.ts';
import type { Ending, HoldPlaced, StepFacts, StepIdentity } from '../store/effects.ts';
import type { BoundRun, StepRecord } from '../store/runs.ts';
import { sayOf } from './approval-item.ts';
import type { PerformAnswer } from './contract.ts';
import type { ActivityDeps } from './deps.ts';
import { carried, ended } from './outcome.ts';
import type { Resolved, Target } from './resolve-target.ts';
import { recordTold } from './told.ts';

type Effect = Exclude<OpenAction, { readonly risk: 'read' }>;

export interface EffectWork {
  readonly run: BoundRun;
  readonly item: PerformItem;
  readonly step: DoStep;
  readonly resolved: Resolved & { readonly action: Effect };
  readonly wish?: ApproveWish;
  readonly gate?: string;
  readonly idempotencyKey: string;
  /** Our own intent without an outcome, whose lease and landing time are over. */
  readonly open?: StepRecord;
  /** Wanted no more: its end is found out, and nothing is sent. */
  readonly settle?: true;
  readonly signal: AbortSignal;
  readonly onSend: () => void;
}

export const isReadable = (action: Effect): action is Extract<Effect, { readonly delivery: 'readable' }> => action.delivery === 'readable';

interface Finished {
  readonly fence: string | undefined;
  readonly before: Json | undefined;
  readonly after?: Json;
  readonly outcome: Ending['outcome'] & ('changed' | 'already' | 'unverified' | 'unknown' | 'failed' | 'denied' | 'expired' | 'cancelled');
  readonly output?: unknown;
  readonly error?: NonNullable<StepResult['error']>;
  readonly recovered: boolean;
  readonly neverSent?: boolean;
  readonly looked?: true;
  readonly decision?: unknown;
  readonly by?: string;
  /** People must hear of it, in these words. */
  readonly page?: string;
}

/** ONE COMMIT { outcome, ledger, audit, unlock }, then the answer that the run gets. */
export async function finish(deps: ActivityDeps, work: EffectWork, end: Finished): Promise<PerformAnswer> {
  const { action } = work.resolved;
  const output = end.output ?? outputOf(action, work, end);
  const hold = end.outcome === 'changed' || end.outcome === 'unverified' || end.outcome === 'already' ? holdOf(work, end) : undefined;
  const ending: Ending = {
    identity: identityOf(work),
    facts: factsOf(work, end.before),
    incidentId: work.run.incident_id,
    outcome: end.outcome,
    recovered: end.recovered,
    ...(output === undefined ? {} : { output }),
    ...(end.error === undefined ? {} : { error: end.error }),
    ...(end.before === undefined ? {} : { before: end.before }),
    ...(end.after === undefined ? {} : { after: end.after }),
    ...(end.decision === undefined ? {} : { decision: end.decision }),
    ...(end.neverSent === true ? { neverSent: true } : {}),
    ...(end.looked === true ? { looked: true } : {}),
    ...(end.fence === undefined ? {} : { fence: end.fence }),
    ...(hold === undefined ? {} : { hold }),
  };
  await recordTold(deps, ending, end.page);
  deps.store.wake('runs');
  if (hold) deps.store.wake('holds');
  const base = { outcome: end.outcome, ...(end.error ? { error: end.error } : {}) };
  return ended({
    ...base,
    ...(output === undefined ? {} : { output: carried(output, work.run.id, work.item.key) }),
    ...(end.by === undefined ? {} : { by: end.by }),
    at: deps.now().toISOString(),
  });
}

function outputOf(action: Effect, work: EffectWork, end: Finished): unknown {
  if (!isReadable(action) || end.after === undefined) return undefined;
  return action.result(end.after, end.before ?? end.after, input(work), work.resolved.target?.entity);
}

function holdOf(work: EffectWork, end: Finished): HoldPlaced | undefined {
  const { action, instance, target } = work.resolved;
  if (action.risk !== 'reversible' || !target || end.before === undefined) return undefined;
  const hold = work.step.hold;
  return {
    saysUndo: action.saysUndo(input(work), target.entity),
    params: work.item.params,
    before: end.before,
    entity: target.key,
    entityName: target.entity.name,
    entityId: target.entity.id,
    ...namesOf(target),
    verb: action.verb,
    connector: instance.id,
    ...(end.outcome === 'already' ? { shared: true } : {}),
    ...(hold && 'forMs' in hold ? { expiresInMs: hold.forMs, onExpiry: hold.then } : {}),
  };
}

export const identityOf = (work: EffectWork): StepIdentity => ({
  runId: work.run.id,
  key: work.item.key,
  generation: 0,
  stepId: work.item.id,
  kind: 'do',
});

export function factsOf(work: EffectWork, before: Json | undefined): StepFacts {
  const { action, instance, target } = work.resolved;
  return {
    verb: action.verb,
    risk: action.risk,
    connector: instance.id,
    params: work.item.params,
    ...(work.item.why === undefined ? {} : { why: work.item.why }),
    ...(target ? { entity: target.key, entityName: target.entity.name, entityId: target.entity.id, ...namesOf(target) } : {}),
    says: sayOf(work.resolved, before).says,
  };
}

/** Of people only: whoever has one of these names decides nothing while they are held. */
const namesOf = ({ entity, names }: Target): Pick<StepFacts, 'entityNames'> => (entity.kind === 'user' ? { entityNames: names } : {});

// The parsed parameters fit the action whose schema parsed them; their type is known to the connector alone.
export const input = (work: EffectWork) => work.resolved.input;

export const readArgs = (work: EffectWork) =>
  [
    work.resolved.instance.client,
    work.resolved.input,
    work.resolved.target?.entity,
    { key: work.idempotencyKey, signal: work.signal, sending: () => undefined },
  ] as const;
