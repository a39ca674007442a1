// The one door through which a run acts. Two lanes, one code: a takeover in this process joins what is under way, by key.
import { Context } from '@temporalio/activity';
import { ConnectorFailure } from '../connectors/connector.ts';
import { type BoundRun, bindRun, type StepRecord } from '../store/runs.ts';
import { askedOf } from './asked-of.ts';
import type { Breakers } from './breaker.ts';
import type { PerformAnswer, PerformInput } from './contract.ts';
import { deniedWhileHeld } from './denied.ts';
import type { ActivityDeps } from './deps.ts';
import { notInPlan, runNotOurs, tryLater } from './failure.ts';
import { HEARTBEAT_MS, type LocalLanes } from './local-lane.ts';
import { observe } from './observe.ts';
import { learn, undoLater, waitForProduct } from './outage.ts';
import { ended, failed, resultOf, waiting } from './outcome.ts';
import { performEffect } from './perform-effect.ts';
import { performRead } from './perform-read.ts';
import { oweUndo, performUndo } from './perform-undo.ts';
import { plannedStep } from './plan-step.ts';
import { type Resolved, resolveTarget } from './resolve-target.ts';
import { recordTold } from './told.ts';
import { SAY_AFTER_MS, sayTrying } from './trying.ts';

const PLACE_LOOK_AGAIN_MS = 1_000;
const SETTLE_AFTER_MS = 50;
const LATE_CANCEL = 'it was sent, and is wanted no more; it is read';

interface Underway {
  readonly answer: Promise<PerformAnswer>;
  /** The run wants it no more: aborts what was not sent. What was sent is kept and its answer recorded. */
  readonly cancel: () => void;
  readonly cancelled: () => boolean;
  /** It only finds out how it ended. */
  readonly settles: boolean;
}

export function performer(deps: ActivityDeps, outages: Breakers, lanes: LocalLanes): (input: PerformInput) => Promise<PerformAnswer> {
  const underway = new Map<string, Underway>();

  return async (input) => {
    const context = Context.current();
    const temporalRunId = context.info.workflowExecution?.runId ?? '';
    const key = JSON.stringify([temporalRunId, input.runId, input.item.key, input.undo ?? '']);
    const lane = input.item.via ?? input.item.verb;
    if (input.lane === 'local' && !lanes.isOpen(lane))
      return { kind: 'retry', afterMs: 0, code: 'LOCAL_LANE_CLOSED', message: `${lane} was slow lately` };
    // Whoever asks how it ended must not be answered by an attempt that may still send: that one is told to stop, and its end awaited.
    const before = underway.get(key);
    if (input.settle && before && !before.settles) {
      before.cancel();
      await before.answer.catch(() => undefined);
    }
    const work = underway.get(key) ?? begin(key, input, temporalRunId);
    // The local lane does not listen: a workflow task that was late, or a run that was put out of the cache, is told to it in the very words of
    // a cancellation, and its work is taken over. A run that is really cancelled withdraws the step, and then no intent can be recorded.
    if (input.lane === 'local') return await local(work, lane);
    const listen = () => {
      if (context.cancellationDetails?.cancelRequested) work.cancel();
    };
    context.cancellationSignal.addEventListener('abort', listen, { once: true });
    try {
      return await remote(work, input, context);
    } finally {
      context.cancellationSignal.removeEventListener('abort', listen);
    }
  };

  function begin(key: string, input: PerformInput, temporalRunId: string): Underway {
    const controller = new AbortController();
    let sent = false;
    const onSend = () => {
      sent = true;
    };
    const sending = { signal: controller.signal, onSend };
    const answer = attempt(deps, outages, input, temporalRunId, sending).finally(() => underway.delete(key));
    answer.catch(() => undefined); // whoever waits hears of it; nobody may be waiting any more
    const cancel = () => {
      if (!sent) controller.abort();
    };
    const work = { answer, cancel, cancelled: () => controller.signal.aborted, settles: input.settle === true };
    underway.set(key, work);
    return work;
  }

  async function local(work: Underway, lane: string): Promise<PerformAnswer> {
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<PerformAnswer>((resolve) => {
      timer = setTimeout(() => {
        lanes.missed(lane);
        resolve({ kind: 'retry', afterMs: 0, code: 'LOCAL_DEADLINE', message: 'it goes on in the ordinary lane' });
      }, deps.timing.localDeadlineMs);
    });
    try {
      const first = await Promise.race([work.answer, deadline]);
      if (first.kind !== 'retry' || first.code !== 'LOCAL_DEADLINE') lanes.met(lane);
      return first;
    } finally {
      clearTimeout(timer);
    }
  }

  async function remote(work: Underway, input: PerformInput, context: Context): Promise<PerformAnswer> {
    const beat = setInterval(() => context.heartbeat(), HEARTBEAT_MS);
    const slow = setTimeout(() => void sayTrying(deps, input), SAY_AFTER_MS);
    try {
      const answer = await work.answer;
      if (answer.kind !== 'retry') return answer;
      if (work.cancelled())
        return await giveUp(deps, input, context.info.workflowExecution?.runId ?? '', { ...answer, outcome: 'cancelled' });
      // Temporal does not try again what it was asked to cancel: the run asks for its end, once it has had time to take effect.
      if (context.cancellationDetails?.cancelRequested) return waiting('lease', answer.afterMs, LATE_CANCEL);
      if (context.info.attempt < input.attempts) {
        await sayTrying(deps, input, { code: answer.code, message: answer.message });
        throw tryLater(answer.code, answer.message, answer.afterMs);
      }
      return await giveUp(deps, input, context.info.workflowExecution?.runId ?? '', answer);
    } finally {
      clearInterval(beat);
      clearTimeout(slow);
    }
  }
}

/** One attempt, whatever the lane. Failures that may pass are answers (`retry`); only refusals are thrown. */
async function attempt(
  deps: ActivityDeps,
  outages: Breakers,
  input: PerformInput,
  temporalRunId: string,
  sending: Sending,
): Promise<PerformAnswer> {
  const generation = input.undo === undefined ? 0 : 1;
  const run = await bindRun(deps.store.db, input.runId, temporalRunId, { key: input.item.key, generation });
  if (!run) throw runNotOurs(input.runId);
  const record = run.step ?? undefined;
  if (record?.state === 'ended') return ended(resultOf(record, run.id));
  if (run.kind === 'playbook' && !run.has_place && !(await deps.place(run.id)))
    return waiting('place', PLACE_LOOK_AGAIN_MS, 'waits for a working place');
  const open = record?.state === 'intent' ? record : undefined;
  const sent = input.undo === undefined ? maybeSent(run) : undefined;
  if (input.settle && !open && !sent)
    return await refused(deps, input, run, failed('CANCELLED', 'it is wanted no more; nothing was sent', 'cancelled'));
  // Nothing more will be sent, so this look is the last: what may land yet gets its time.
  const landing = open ?? (input.settle || run.mode === 'observe' ? sent : undefined);
  if (landing && landing.lands_in_ms > 0)
    return waiting('lease', landing.lands_in_ms, 'an earlier attempt may still take effect; then it is read');
  const work = { run, item: input.item, undo: input.undo !== undefined };
  const away = await waitForProduct(deps, outages, work);
  const answer = away ?? (await tried(deps, input, { run, open, ...sending }));
  if (!away) await learn(deps, outages, work, answer);
  const denied = await deniedWhileHeld(deps, input, run, answer);
  return denied ? await refused(deps, input, run, { outcome: 'denied', error: denied }) : answer;
}

const maybeSent = ({ step }: BoundRun): StepRecord | undefined => (step?.maybe_sent ? step : undefined);

async function tried(deps: ActivityDeps, input: PerformInput, given: Given): Promise<PerformAnswer> {
  try {
    return await dispatchWork(deps, input, given);
  } catch (error) {
    if (error instanceof ConnectorFailure) return await classified(deps, input, given.run, error);
    throw error;
  }
}

interface Sending {
  readonly signal: AbortSignal;
  readonly onSend: () => void;
}

interface Given extends Sending {
  readonly run: BoundRun;
  readonly open: StepRecord | undefined;
}

async function dispatchWork(deps: ActivityDeps, input: PerformInput, given: Given): Promise<PerformAnswer> {
  const { run, open, signal, onSend } = given;
  const shared = { run, item: input.item, signal, onSend, ...(open ? { open } : {}), ...(input.settle ? { settle: true as const } : {}) };
  if (input.undo !== undefined) {
    return await performUndo(deps, { ...shared, holdId: input.undo, idempotencyKey: idempotencyKey(run.id, input.item.key, 1) });
  }
  const plan = await deps.plan(run.id, run.plan_digest);
  const planned = plan && plannedStep(plan, input.item);
  if (!planned) throw notInPlan(run.id, input.item.id);
  const resolution = await resolveTarget(deps, input.item, signal);
  const sent = maybeSent(run);
  if (!resolution.ok) {
    const { error } = resolution.result;
    return sent && error ? await unknown(deps, input, run, error) : await refused(deps, input, run, resolution.result);
  }
  const { resolved } = resolution;
  if (sent && !isSame(sent, resolved)) return await unknown(deps, input, run, movedOn(sent, resolved));
  const key = idempotencyKey(run.id, input.item.key, 0);
  if (resolved.action.risk === 'read')
    return await performRead(deps, { run, item: input.item, resolved, action: resolved.action, idempotencyKey: key, signal });
  if (run.mode === 'observe' && !sent) return ended(await observe(deps, { run, item: input.item, resolved, signal }));
  const effect = { ...resolved, action: resolved.action };
  const asked = askedOf(planned, input);
  // Told to observe while it is under way: nothing more is sent, and what became of it is found out.
  const settle = run.mode === 'observe' ? { settle: true as const } : {};
  return await performEffect(deps, { ...shared, ...settle, step: planned.step, resolved: effect, idempotencyKey: key, ...asked });
}

/** Looked for by the same words, it may be another thing by now: an address that has wandered, an inventory that was mended. */
const isSame = (sent: StepRecord, { instance, target }: Resolved): boolean =>
  sent.connector === instance.id && (sent.entity ?? undefined) === target?.key;

const movedOn = (sent: StepRecord, { instance, target }: Resolved) => ({
  code: 'TARGET_CHANGED',
  message: `it was sent to ${sent.entity ?? 'nothing in particular'} at ${sent.connector ?? 'no connector'}, and the same words now mean ${target?.key ?? 'nothing in particular'} at ${instance.id}; look at the first`,
});

/** Sent to products where they have a slot for it, so only characters that are safe everywhere. */
const idempotencyKey = (runId: string, key: string, generation: number): string =>
  `${runId}.${key.replace(/[^A-Za-z0-9._-]/g, '~')}.${generation}`.slice(0, 200);

/** Before anything was sent: a permanent failure is the step's outcome, another may pass. */
async function classified(deps: ActivityDeps, input: PerformInput, run: BoundRun, error: ConnectorFailure): Promise<PerformAnswer> {
  const sent = input.undo === undefined ? maybeSent(run) !== undefined : run.step?.state === 'intent';
  if (error.code === 'CANCELLED' && !sent) return await refused(deps, input, run, failed(error.code, error.message, 'cancelled'));
  // What an earlier attempt has sent may be in force, and now nobody can look: that is no plain failure.
  if (error.kind === 'permanent' && sent) return await unknown(deps, input, run, error);
  if (error.kind === 'permanent') return await refused(deps, input, run, failed(error.code, error.message));
  return { kind: 'retry', afterMs: error.retryAfterMs ?? 0, code: error.code, message: error.message };
}

/** Records an end that no product was involved in. An undo that ends so is owed. */
async function refused(
  deps: ActivityDeps,
  input: PerformInput,
  run: BoundRun,
  result: Parameters<typeof ended>[0],
  page?: string,
): Promise<PerformAnswer> {
  if (input.undo !== undefined) return await oweUndo(deps, { run, item: input.item, holdId: input.undo }, result);
  const identity = { runId: run.id, key: input.item.key, generation: 0, stepId: input.item.id, kind: 'do' as const };
  const facts = { verb: input.item.verb, params: input.item.params, ...(input.item.why === undefined ? {} : { why: input.item.why }) };
  const error = result.error === undefined ? {} : { error: result.error };
  await recordTold(deps, { identity, facts, incidentId: run.incident_id, outcome: result.outcome, recovered: false, ...error }, page);
  deps.store.wake('runs');
  return ended(result);
}

/** All attempts are used up; an undo waits. An open intent means that nobody knows; else it did not happen. */
async function giveUp(
  deps: ActivityDeps,
  input: PerformInput,
  temporalRunId: string,
  last: { readonly code: string; readonly message: string; readonly looked?: true; readonly outcome?: 'cancelled' },
): Promise<PerformAnswer> {
  const generation = input.undo === undefined ? 0 : 1;
  const run = await bindRun(deps.store.db, input.runId, temporalRunId, { key: input.item.key, generation });
  if (!run) throw runNotOurs(input.runId);
  if (run.step?.state === 'ended') return ended(resultOf(run.step, run.id));
  // Another process is at it, and may have sent it: that one says what became of it, or it is read.
  if (run.step?.state === 'intent' && run.step.owner !== deps.owner && run.step.lands_in_ms > 0)
    return waiting('lease', run.step.lands_in_ms, 'another process is at it');
  // The run asks for its end (`settle`): only that look says what became of it.
  if (last.outcome === 'cancelled' && input.undo === undefined && maybeSent(run)) return waiting('lease', SETTLE_AFTER_MS, LATE_CANCEL);
  const later = input.undo !== undefined && last.outcome === undefined && (await undoLater(deps, { run, item: input.item }, last));
  if (later) return later;
  const message = `${last.message} (${input.attempts} attempts)`;
  // Refused once, and nobody could look since: that refusal is no proof.
  const isOpen = input.undo === undefined && last.looked !== true ? maybeSent(run) !== undefined : run.step?.state === 'intent';
  if (isOpen) return await unknown(deps, input, run, { code: last.code, message });
  return await refused(deps, input, run, failed(last.code, message, last.outcome ?? 'failed'));
}

/** People are told; what can be undone is owed, in the ledger (endStep). */
async function unknown(
  deps: ActivityDeps,
  input: PerformInput,
  run: BoundRun,
  last: { readonly code: string; readonly message: string },
): Promise<PerformAnswer> {
  // An undo that ends so says it in its own words.
  const page = `it is not known whether '${input.item.verb}' took effect: ${last.message}`;
  return await refused(deps, input, run, failed(last.code, last.message, 'unknown'), page);
}
