// Taking one ledger entry back: state is compared first, only what is still ours is touched, and only when ours is the last hold.
import { ConnectorFailure, type Json } from '../connectors/connector.ts';
import type { PerformItem, StepResult } from '../engine/command.ts';
import { type Ending, recordWaiting, type StepFacts, type StepIdentity } from '../store/effects.ts';
import { type HoldRecord, readHold, readHoldUnderLock } from '../store/holds.ts';
import { readGuards, recordGivenUp, recordIntent, withdrawIntent } from '../store/intent.ts';
import { giveLock, giveLockUnlessSent, keepLock, leaveLock, takeLock } from '../store/locks.ts';
import type { BoundRun, StepRecord } from '../store/runs.ts';
import { askProduct } from './ask-product.ts';
import type { PerformAnswer } from './contract.ts';
import type { ActivityDeps } from './deps.ts';
import { refuse } from './failure.ts';
import { type Held, heldBy, isRestored, readHeld } from './held.ts';
import { keepLease, type Lease, whileLooking } from './lease.ts';
import { lockLost, lookAgain } from './look-again.ts';
import { ended, failed, lockTaken, waiting } from './outcome.ts';
import { proofOf } from './proof.ts';
import { type Sending, sendingGuard } from './sending.ts';
import { settle } from './settle.ts';
import { recordTold } from './told.ts';

interface Undoing {
  readonly run: BoundRun;
  readonly item: PerformItem;
  readonly holdId: string;
}

export interface UndoWork extends Undoing {
  readonly idempotencyKey: string;
  readonly open?: StepRecord;
  readonly signal: AbortSignal;
  readonly onSend: () => void;
}

const FROZEN_LOOK_AGAIN_MS = 60_000;

export async function performUndo(deps: ActivityDeps, work: UndoWork): Promise<PerformAnswer> {
  const first = await ownHold(deps, work, readHold);
  if (!first) return HANDED_OVER;
  const answer = overAlready(first);
  if (answer) return answer;
  // Not the owner that did it: what it has sent, and the lock is kept for, is waited for as everywhere.
  const owner = `${deps.owner}.undo`;
  const wish = { entity: first.entity, runId: work.run.id, key: work.item.key, owner, leaseMs: deps.timing.leaseMs };
  const lock = await takeLock(deps.store.db, wish);
  if (lock.kind === 'taken') {
    await recordWaiting(deps.store.db, { identity: identityOf(work), facts: factsOf(first), on: 'lock', untilMs: lock.leftMs }, true);
    return lockTaken(first.entity_name, work.run.id, lock);
  }
  try {
    const again = await lookAgain(deps, work, 1);
    if (again.kind === 'go') return await underLock(deps, again.work, lock.fence);
    await leaveLock(deps.store.db, lock.fence, again.landsInMs);
    return again.answer;
  } catch (error) {
    await giveLockUnlessSent(deps.store.db, lock.fence).catch(() => undefined);
    throw error;
  }
}

/** Undefined where the entry is neither this run's own nor that of the run it was made to undo: nothing of it is touched. */
async function ownHold(deps: ActivityDeps, work: UndoWork, readIt: typeof readHold): Promise<HoldRecord | undefined> {
  const hold = await readIt(deps.store.db, work.holdId);
  if (!hold) throw refuse('HOLD_NOT_FOUND', `there is no ledger entry ${work.holdId}`);
  return [work.run.id, work.run.parent_run_id].includes(hold.run_id) ? hold : undefined;
}

/** People gave it to another run since it was listed: it stays, and the undo goes on with the rest. */
const HANDED_OVER: PerformAnswer = ended({ outcome: 'already', output: { state: 'transferred' } });

const overAlready = ({ state }: HoldRecord): PerformAnswer | undefined =>
  ['active', 'releasing', 'debt'].includes(state) ? undefined : ended({ outcome: 'already', output: { state } });

async function underLock(deps: ActivityDeps, work: UndoWork, fence: string): Promise<PerformAnswer> {
  // Read again: who had the lock before may have ended this entry, or the other one that kept the thing as it is; people may have handed it over.
  const hold = await ownHold(deps, work, readHoldUnderLock);
  const answer = hold ? overAlready(hold) : HANDED_OVER;
  if (!hold || answer) {
    await giveLock(deps.store.db, fence);
    return answer ?? HANDED_OVER;
  }
  const prepared = heldBy(deps, hold);
  if ('code' in prepared) {
    const reason = `${prepared.code}: ${prepared.message}`;
    return await finish(deps, work, hold, { fence, outcome: 'failed', state: 'debt', reason });
  }
  const { action } = prepared;
  if (hold.others.length > 0) {
    const note = `${hold.entity_name} stays held by run ${hold.others.join(', ')}`;
    return await finish(deps, work, hold, { fence, outcome: 'already', state: 'released', reason: note, looked: true });
  }
  const looking = { runId: work.run.id, key: work.item.key, fence };
  const now = await whileLooking(deps, looking, async () => await askProduct(deps, action.verb, async () => await read(work, prepared)));
  if (!action.done(now, prepared.input) || isRestored(action, now, beforeOf(hold))) {
    // Not in force any more. By us, if we were at it; else somebody else changed it.
    if (wasSent(work))
      return await finish(deps, work, hold, { fence, outcome: 'changed', state: 'released', after: now, recovered: true, looked: true });
    const reason = 'it was no longer in force: somebody else changed it, and that is left alone';
    return await finish(deps, work, hold, { fence, outcome: 'already', state: 'foreign', reason, after: now, looked: true });
  }
  const leaseEndsMs = deps.monotonicMs() + deps.timing.leaseMs;
  const frozen = await intent(deps, work, hold, fence, now);
  if (frozen) return frozen;
  deps.fail('undo.before');
  return await act(deps, work, prepared, { fence, leaseEndsMs });
}

const read = async (work: UndoWork, held: Held): Promise<Json> => await readHeld(held, work.idempotencyKey, work.signal);

// `before` is what a read of this very action gave; the store keeps it as JSON.
const beforeOf = (hold: HoldRecord): Json => hold.before as Json;

/** By an earlier attempt: what is undone now, we undid. */
const wasSent = (work: UndoWork): boolean => work.run.step?.maybe_sent ?? false;

async function intent(deps: ActivityDeps, work: UndoWork, hold: HoldRecord, fence: string, now: Json): Promise<PerformAnswer | undefined> {
  return await deps.store.db.transaction().execute(async (trx) => {
    const claimant = { runId: work.run.id, key: work.item.key };
    const { freeze } = await readGuards(trx, claimant, { connector: hold.connector }, []);
    if (freeze) {
      await giveLock(trx, fence);
      await recordWaiting(trx, { identity: identityOf(work), facts: factsOf(hold), on: 'freeze', untilMs: FROZEN_LOOK_AGAIN_MS }, true);
      return waiting('freeze', FROZEN_LOOK_AGAIN_MS, `frozen by ${freeze.by}: ${freeze.reason}`);
    }
    const recorded = await recordIntent(
      trx,
      {
        identity: identityOf(work),
        facts: factsOf(hold),
        incidentId: work.run.incident_id,
        idempotencyKey: work.idempotencyKey,
        owner: deps.owner,
        leaseMs: deps.timing.leaseMs,
        landsWithinMs: deps.connectors.instance(hold.connector) ? landsWithin(deps, hold) : 0,
        fence,
        before: now,
        decision: { effect: 'allow', rule: 'undo', reason: work.run.kind === 'undo' ? 'a person asked for it' : 'the playbook says so' },
      },
      deps.now(),
    );
    if (!recorded) throw lockLost();
    return undefined;
  });
}

function landsWithin(deps: ActivityDeps, hold: HoldRecord): number {
  const instance = deps.connectors.instance(hold.connector);
  const action = instance && deps.connectors.actionOf(instance, hold.verb);
  return action && action.risk !== 'read' ? action.landsWithinMs : 0;
}

async function act(
  deps: ActivityDeps,
  work: UndoWork,
  prepared: Held,
  { fence, leaseEndsMs }: { readonly fence: string; readonly leaseEndsMs: number },
): Promise<PerformAnswer> {
  const { hold, action, instance, input, entity } = prepared;
  const lease = keepLease(deps, { ...identityOf(work), fence }, leaseEndsMs);
  const sending = sendingGuard({
    signal: work.signal,
    leaseEndsMs: lease.endsMs,
    requestTimeoutMs: deps.timing.requestTimeoutMs,
    nowMs: deps.monotonicMs,
    onSend: work.onSend,
  });
  const context = { key: work.idempotencyKey, signal: work.signal, sending: sending.check, repeat: work.open !== undefined };
  let accepted = false;
  try {
    await action.undo(instance.client, input, entity, beforeOf(hold), context);
    accepted = true;
    deps.fail('undo.answered');
    const limits = { everyMs: action.settle?.everyMs ?? 250, forMs: action.settle?.forMs ?? deps.timing.settleMs, nowMs: deps.monotonicMs };
    const settled = await settle(
      async () => await read(work, prepared),
      (now) => isRestored(action, now, beforeOf(hold)),
      limits,
    );
    // As in perform-effect.
    await lease.stop();
    if (settled.done) return await finish(deps, work, hold, { fence, outcome: 'changed', state: 'released', after: settled.state });
    const reason = 'the product accepted the undo, but reading back does not show the state from before';
    return await finish(deps, work, hold, { fence, outcome: 'unverified', state: 'debt', reason, after: settled.state });
  } catch (error) {
    return await afterFailure(deps, work, prepared, { error, sending, accepted, lease, fence });
  } finally {
    await lease.stop();
  }
}

interface Failing {
  readonly error: unknown;
  readonly sending: Sending;
  readonly accepted: boolean;
  readonly lease: Lease;
  readonly fence: string;
}

/** As in perform-effect: a refusal is only believed where it is not undone. */
async function afterFailure(deps: ActivityDeps, work: UndoWork, held: Held, failing: Failing): Promise<PerformAnswer> {
  const { hold, action } = held;
  const { fence } = failing;
  const failure = failing.error instanceof ConnectorFailure ? failing.error : undefined;
  const shown = { code: failure?.code ?? 'UNEXPECTED', message: failure?.message ?? 'the connector failed in a way it does not know' };
  const look = {
    read: async () => await read(work, held),
    isSo: (now: Json) => isRestored(action, now, beforeOf(hold)),
    ...(action.settle === undefined ? {} : { settlesMs: action.settle.forMs }),
  };
  const proof = await proofOf(failing.error, { ...failing, look });
  await failing.lease.stop();
  if (proof.kind === 'read' && look.isSo(proof.now)) {
    return await finish(deps, work, hold, { fence, outcome: 'changed', state: 'released', after: proof.now, recovered: true });
  }
  if (proof.kind !== 'open' && failure?.kind === 'permanent' && !work.open) {
    return await finish(deps, work, hold, { fence, outcome: 'failed', state: 'debt', reason: `${shown.code}: ${shown.message}` });
  }
  if (proof.kind !== 'open' && !work.open) {
    await giveLock(deps.store.db, fence);
    await withdrawIntent(deps.store.db, identityOf(work), shown, proof.kind === 'read' || wasSent(work));
    return { kind: 'retry', afterMs: failure?.retryAfterMs ?? 0, ...shown };
  }
  // As in perform-effect: it may still take effect.
  await keepLock(deps.store.db, fence, landsWithin(deps, hold));
  await recordGivenUp(deps.store.db, identityOf(work), shown);
  return { kind: 'retry', afterMs: Math.max(landsWithin(deps, hold) + 50, failure?.retryAfterMs ?? 0), ...shown };
}

interface UndoEnd {
  readonly fence?: string;
  readonly outcome: 'changed' | 'already' | 'unverified' | 'failed' | 'unknown' | 'cancelled';
  readonly state: 'released' | 'foreign' | 'debt';
  readonly reason?: string;
  readonly after?: Json;
  readonly recovered?: boolean;
  readonly looked?: true;
}

async function finish(deps: ActivityDeps, work: Undoing, hold: HoldRecord, end: UndoEnd): Promise<PerformAnswer> {
  const error =
    end.state === 'debt' ? { code: end.outcome === 'unverified' ? 'NOT_VERIFIED' : 'UNDO_FAILED', message: end.reason ?? '' } : undefined;
  const ending: Ending = {
    identity: identityOf(work),
    facts: factsOf(hold),
    incidentId: work.run.incident_id,
    outcome: end.outcome,
    output: { state: end.state, ...(end.reason === undefined ? {} : { note: end.reason }) },
    recovered: end.recovered ?? false,
    ...(error ? { error } : {}),
    ...(end.after === undefined ? {} : { after: end.after }),
    ...(end.fence === undefined ? {} : { fence: end.fence }),
    ...(end.looked === true ? { looked: true } : {}),
    holdEnd: { id: hold.id, state: end.state, by: work.run.started_by, ...(end.reason === undefined ? {} : { reason: end.reason }) },
  };
  const how = end.outcome === 'unknown' ? 'it is not known whether it was undone' : 'could not be undone';
  await recordTold(deps, ending, end.state === 'debt' ? `${how}: ${hold.says_undo}: ${end.reason ?? ''}` : undefined);
  deps.store.wake('holds');
  deps.store.wake('runs');
  const base = error ? failed(error.code, error.message, end.outcome) : { outcome: end.outcome };
  return ended({ ...base, output: { state: end.state }, at: deps.now().toISOString() });
}

/** Given up without an answer that says more: who owns it looks at the product. */
export async function oweUndo(deps: ActivityDeps, work: Undoing, last: StepResult): Promise<PerformAnswer> {
  const hold = await readHold(deps.store.db, work.holdId);
  if (!hold) throw refuse('HOLD_NOT_FOUND', `there is no ledger entry ${work.holdId}`);
  const outcome = last.outcome === 'unknown' || last.outcome === 'cancelled' ? last.outcome : 'failed';
  const reason = `${last.error?.code ?? 'UNEXPECTED'}: ${last.error?.message ?? 'it ended without an answer'}`;
  return await finish(deps, work, hold, { outcome, state: 'debt', reason });
}

const identityOf = (work: Undoing): StepIdentity => ({
  runId: work.run.id,
  key: work.item.key,
  generation: 1,
  stepId: work.item.id,
  kind: 'undo',
});

const factsOf = (hold: HoldRecord): StepFacts => ({
  verb: hold.verb,
  risk: 'reversible',
  connector: hold.connector,
  params: hold.params,
  entity: hold.entity,
  entityName: hold.entity_name,
  entityId: hold.entity_id,
  says: hold.says_undo,
});
