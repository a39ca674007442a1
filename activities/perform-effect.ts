// One effect, from its target to its recorded outcome: resolve ▸ lock ▸ read ▸ done? ▸ commit the intent ▸ run ▸ read back ▸ commit the outcome.
import { ConnectorFailure, type Json } from '../connectors/connector.ts';
import { appendAudit } from '../store/audit.ts';
import { recordWaiting } from '../store/effects.ts';
import { recordGivenUp, recordIntent, withdrawIntent } from '../store/intent.ts';
import { giveLock, giveLockUnlessSent, keepLock, leaveLock, takeLock } from '../store/locks.ts';
import { type Admission, admit } from './admit.ts';
import { askProduct } from './ask-product.ts';
import type { PerformAnswer } from './contract.ts';
import type { ActivityDeps } from './deps.ts';
import { type EffectWork, factsOf, finish, identityOf, input, isReadable, readArgs } from './effect-work.ts';
import { isRestored } from './held.ts';
import { keepLease, type Lease, whileLooking } from './lease.ts';
import { lockLost, lookAgain } from './look-again.ts';
import { lockTaken, waiting } from './outcome.ts';
import { type Look, proofOf } from './proof.ts';
import { type Sending, sendingGuard } from './sending.ts';
import { settle } from './settle.ts';

const SETTLE_EVERY_MS = 250;

export async function performEffect(deps: ActivityDeps, work: EffectWork): Promise<PerformAnswer> {
  const target = work.resolved.target;
  const fence = target ? await lock(deps, work, target.key) : undefined;
  if (fence && typeof fence !== 'string') return fence;
  try {
    const again = await lookAgain(deps, work, 0);
    if (again.kind === 'go') return await underLock(deps, again.work, fence);
    if (fence) await leaveLock(deps.store.db, fence, again.landsInMs);
    return again.answer;
  } catch (error) {
    // Nothing was decided by this attempt: whoever comes next must not wait for our lease.
    if (fence) await giveLockUnlessSent(deps.store.db, fence).catch(() => undefined);
    throw error;
  }
}

async function lock(deps: ActivityDeps, work: EffectWork, entity: string): Promise<string | PerformAnswer> {
  const wish = { entity, runId: work.run.id, key: work.item.key, owner: deps.owner, leaseMs: deps.timing.leaseMs };
  const answer = await takeLock(deps.store.db, wish);
  if (answer.kind === 'held') return answer.fence;
  await recordWaiting(
    deps.store.db,
    { identity: identityOf(work), facts: factsOf(work, undefined), on: 'lock', untilMs: answer.leftMs },
    true,
  );
  return lockTaken(work.resolved.target?.entity.name ?? entity, work.run.id, answer);
}

async function underLock(deps: ActivityDeps, work: EffectWork, fence: string | undefined): Promise<PerformAnswer> {
  const { action } = work.resolved;
  const readable = isReadable(action) ? action : undefined;
  const looking = { runId: work.run.id, key: work.item.key, fence };
  const look = readable && (async () => await readable.read(...readArgs(work)));
  const now = look ? await whileLooking(deps, looking, async () => await askProduct(deps, action.verb, look)) : undefined;
  // What a read of this action gave, stored as JSON: of an open intent, or of one that was withdrawn although a request had gone out.
  const original = (work.open ?? work.run.step)?.before as Json | undefined;
  const before = original ?? now;
  if (readable && now !== undefined && readable.done(now, input(work))) {
    // So already. Ours, if an intent of ours found it otherwise and was sent: then it took effect and only its record was lost.
    const recovered = original !== undefined && original !== null && !readable.done(original, input(work));
    return await finish(deps, work, { fence, before, after: now, outcome: recovered ? 'changed' : 'already', recovered, looked: true });
  }
  if (work.settle) return await endCancelled(deps, work, { fence, before, after: now });
  if (work.open && action.delivery === 'once') {
    const page = `it is not known whether '${work.item.verb}' took effect; it is not sent again by itself`;
    const error = { code: 'EFFECT_UNKNOWN', message: 'it may have taken effect; the product cannot tell, so a person decides' };
    return await finish(deps, work, { fence, before, outcome: 'unknown', error, recovered: false, page });
  }
  // The intent renews the lock: what reading took is not missing when it is changed.
  const leaseEndsMs = deps.monotonicMs() + deps.timing.leaseMs;
  const admission = await commitIntent(deps, work, { fence, before });
  if (admission.kind !== 'go') return await notAdmitted(deps, work, admission, fence);
  deps.fail('effect.before');
  return await act(deps, work, { fence, before, now, admission, leaseEndsMs });
}

/** It was sent, had its time to land, and is wanted no more. What cannot be read is not known. */
async function endCancelled(
  deps: ActivityDeps,
  work: EffectWork,
  { fence, before, after }: Intended & { readonly after: Json | undefined },
): Promise<PerformAnswer> {
  if (after !== undefined) {
    const error = { code: 'CANCELLED', message: 'it was sent, has not taken effect, and is wanted no more' };
    return await finish(deps, work, { fence, before, after, outcome: 'cancelled', error, recovered: false });
  }
  const page = `it is not known whether '${work.item.verb}' took effect; it is wanted no more, and not sent again`;
  const error = { code: 'EFFECT_UNKNOWN', message: 'it may have taken effect before it was cancelled; the product cannot tell' };
  return await finish(deps, work, { fence, before, outcome: 'unknown', error, recovered: false, page });
}

interface Intended {
  readonly fence: string | undefined;
  readonly before: Json | undefined;
}

/** ONE COMMIT { freeze, policy, decisions, before-state, intent }. A wait or a denial gives the lock back in it too. */
async function commitIntent(deps: ActivityDeps, work: EffectWork, state: Intended): Promise<Admission> {
  const { run, item, resolved } = work;
  return await deps.store.db.transaction().execute(async (trx) => {
    const wish = work.wish === undefined ? {} : { wish: work.wish };
    const gate = work.gate === undefined ? {} : { gate: work.gate };
    const admission = await admit(trx, deps, { run, item, resolved, before: state.before, ...wish, ...gate });
    if (admission.kind !== 'go') {
      if (state.fence !== undefined) await giveLock(trx, state.fence);
      return admission;
    }
    const intent = {
      identity: identityOf(work),
      facts: factsOf(work, state.before),
      incidentId: run.incident_id,
      idempotencyKey: work.idempotencyKey,
      owner: deps.owner,
      leaseMs: deps.timing.leaseMs,
      landsWithinMs: resolved.action.landsWithinMs,
      ...(state.fence === undefined ? {} : { fence: state.fence }),
      before: state.before,
      decision: admission.decision,
      ...(admission.approvalId === undefined ? {} : { approvalId: admission.approvalId }),
    };
    if (await recordIntent(trx, intent, deps.now())) return admission;
    throw lockLost();
  });
}

async function notAdmitted(
  deps: ActivityDeps,
  work: EffectWork,
  admission: Exclude<Admission, { readonly kind: 'go' }>,
  fence: string | undefined,
): Promise<PerformAnswer> {
  const { decision } = admission;
  if (admission.kind === 'denied') {
    // An earlier attempt was sent and refused: what may land yet gets its time, and is looked at before it is said that nothing was done.
    const landsInMs = work.run.step?.lands_in_ms ?? 0;
    if (landsInMs > 0) return waiting('lease', landsInMs, 'an earlier attempt may still take effect; then it is read');
    const step = admission.step === undefined ? {} : { step: admission.step };
    const error = { code: admission.code, message: admission.message, ...step };
    return await finish(deps, work, {
      fence,
      before: undefined,
      outcome: admission.expired ? 'expired' : 'denied',
      error,
      recovered: false,
      decision,
    });
  }
  const approval = admission.approvalId === undefined ? {} : { approvalId: admission.approvalId };
  const wait = {
    identity: identityOf(work),
    facts: factsOf(work, undefined),
    on: admission.on,
    untilMs: admission.remainingMs,
    decision,
    ...approval,
  };
  await recordWaiting(deps.store.db, wait, true);
  deps.store.wake('approvals');
  deps.store.wake('outbox');
  return waiting(admission.on, admission.remainingMs, admission.detail, admission.approvalId);
}

interface Acting extends Intended {
  readonly admission: Extract<Admission, { readonly kind: 'go' }>;
  /** Read under the lock. */
  readonly now: Json | undefined;
  readonly leaseEndsMs: number;
}

async function act(deps: ActivityDeps, work: EffectWork, state: Acting): Promise<PerformAnswer> {
  const { action, instance, target } = work.resolved;
  const lease = keepLease(deps, { ...identityOf(work), fence: state.fence }, state.leaseEndsMs);
  const sending = sendingGuard({
    signal: work.signal,
    leaseEndsMs: lease.endsMs,
    requestTimeoutMs: deps.timing.requestTimeoutMs,
    nowMs: deps.monotonicMs,
    onSend: work.onSend,
  });
  const context = { key: work.idempotencyKey, signal: work.signal, sending: sending.check, repeat: work.open !== undefined };
  let accepted = false;
  // Lock and step are renewed and ended in opposite orders: one after the other, or PostgreSQL ends one of the two.
  const end = async (ending: Parameters<typeof finish>[2]): Promise<PerformAnswer> => {
    await lease.stop();
    return await finish(deps, work, ending);
  };
  try {
    const by = state.admission.by === undefined ? {} : { by: state.admission.by };
    if (!isReadable(action)) {
      const output = await action.run(instance.client, input(work), target?.entity, context);
      accepted = true;
      deps.fail('effect.answered');
      await sayLate(deps, work, sending.lateMs());
      return await end({ ...state, outcome: 'changed', output, recovered: false, ...by });
    }
    // As it is now: of an earlier attempt that did half of it, only the rest is left to do.
    await action.run(instance.client, input(work), target?.entity, state.now ?? null, context);
    accepted = true;
    deps.fail('effect.answered');
    await sayLate(deps, work, sending.lateMs());
    const read = async () => await action.read(...readArgs(work));
    const limits = {
      everyMs: action.settle?.everyMs ?? SETTLE_EVERY_MS,
      forMs: action.settle?.forMs ?? deps.timing.settleMs,
      nowMs: deps.monotonicMs,
    };
    const settled = await settle(read, (now) => action.done(now, input(work)), limits);
    if (!settled.done) {
      const page = `'${work.item.verb}' was accepted but is NOT verified`;
      const error = { code: 'NOT_VERIFIED', message: 'the product accepted it, but reading back does not show it' };
      return await end({ ...state, after: settled.state, outcome: 'unverified', error, recovered: false, page, ...by });
    }
    return await end({ ...state, after: settled.state, outcome: 'changed', recovered: false, ...by });
  } catch (error) {
    return await afterFailure(deps, work, state, { error, sending, accepted, lease });
  } finally {
    await lease.stop();
  }
}

interface Failing {
  readonly error: unknown;
  readonly sending: Sending;
  readonly accepted: boolean;
  readonly lease: Lease;
}

/**
 * Nothing sent: as if it had not been tried. Refused: read, and only believed where the effect is not in force. Sent and unanswered, or nobody can
 * look: the intent stays open, and the next attempt reads after `landsWithin`.
 */
async function afterFailure(deps: ActivityDeps, work: EffectWork, state: Acting, failing: Failing): Promise<PerformAnswer> {
  const failure = failing.error instanceof ConnectorFailure ? failing.error : undefined;
  const shown = { code: failure?.code ?? 'UNEXPECTED', message: failure?.message ?? 'the connector failed in a way it does not know' };
  if (!failure && !failing.accepted)
    deps.log.error(
      { err: failing.error, run: work.run.id, key: work.item.key },
      'a connector threw something that is not a ConnectorFailure',
    );
  const { action } = work.resolved;
  const proof = await proofOf(failing.error, { ...failing, ...lookOf(work), once: action.delivery === 'once' });
  await failing.lease.stop();
  const by = state.admission.by === undefined ? {} : { by: state.admission.by };
  if (proof.kind === 'read' && isReadable(action) && action.done(proof.now, input(work))) {
    await sayLate(deps, work, failing.sending.lateMs());
    return await finish(deps, work, { ...state, after: proof.now, outcome: 'changed', recovered: true, ...by });
  }
  const sent = failing.sending.sent();
  const isHalf = proof.kind === 'read' && action.risk === 'reversible' && !isRestored(action, proof.now, state.before ?? null);
  if (proof.kind !== 'open' && failure?.kind === 'permanent' && !work.open) {
    if (proof.kind === 'read' && isHalf) {
      const page = `'${work.item.verb}' was refused (${shown.code}), and may have been done in part`;
      return await finish(deps, work, { ...state, after: proof.now, outcome: 'unknown', error: shown, recovered: false, page });
    }
    return await finish(deps, work, { ...state, outcome: 'failed', error: shown, recovered: false, neverSent: !sent && !wasSent(work) });
  }
  // Half done and refused for now is not undone: its intent stays, so that somebody owes it should no further attempt come through.
  if (proof.kind !== 'open' && !isHalf && !work.open) {
    if (state.fence !== undefined) await giveLock(deps.store.db, state.fence);
    await withdrawIntent(deps.store.db, identityOf(work), shown, proof.kind === 'read' || wasSent(work));
    if (shown.code === 'LEASE_ENDED') await sayHeldUp(deps, work);
    return { kind: 'retry', afterMs: failure?.retryAfterMs ?? 0, ...shown, ...(proof.kind === 'read' ? { looked: true as const } : {}) };
  }
  const landsWithinMs = action.landsWithinMs;
  // It may still take effect: until then nobody does anything else to the same thing.
  if (state.fence !== undefined) await keepLock(deps.store.db, state.fence, landsWithinMs);
  await recordGivenUp(deps.store.db, identityOf(work), shown);
  await recordWaiting(
    deps.store.db,
    { identity: identityOf(work), facts: factsOf(work, state.before), on: 'lease', untilMs: landsWithinMs },
    false,
  );
  return { kind: 'retry', afterMs: Math.max(landsWithinMs + 50, failure?.retryAfterMs ?? 0), ...shown };
}

/** By an earlier attempt, whatever this one did. */
const wasSent = (work: EffectWork): boolean => work.run.step?.maybe_sent ?? false;

function lookOf(work: EffectWork): { readonly look?: Look } {
  const { action } = work.resolved;
  if (!isReadable(action)) return {};
  const settles = action.settle === undefined ? {} : { settlesMs: action.settle.forMs };
  return { look: { read: async () => await action.read(...readArgs(work)), isSo: (now) => action.done(now, input(work)), ...settles } };
}

/** Stale before it was sent: nothing happened, and people can see why it took another attempt. */
async function sayHeldUp(deps: ActivityDeps, work: EffectWork): Promise<void> {
  const body = { verb: work.item.verb, entity: work.resolved.target?.key, key: work.item.key };
  deps.log.warn({ run: work.run.id, ...body }, 'the process was paused beyond a lease; nothing was sent');
  await appendAudit(deps.store.db, work.run.id, [{ at: deps.now(), code: 'effect.held_up', actor: 'cordon', body }]);
}

/** Sent within the lease by our clock, answered after its end: a pause in between may have let another run at the same thing. */
async function sayLate(deps: ActivityDeps, work: EffectWork, lateMs: number): Promise<void> {
  if (lateMs === 0) return;
  const entity = work.resolved.target?.key;
  const body = { verb: work.item.verb, entity, key: work.item.key, lateMs };
  await appendAudit(deps.store.db, work.run.id, [{ at: deps.now(), code: 'effect.late', actor: 'cordon', body }]);
  const message = `'${work.item.verb}' on ${entity ?? 'nothing in particular'} may have been sent ${lateMs} ms after its lease had ended (the process was paused?). It is read back; look whether another run has worked on it meanwhile`;
  await deps.page(message, { runId: work.run.id, key: `${work.item.key}.late` });
}
