// One command of the engine, driven to its end: asked of the store, slept on, asked again. Always ends with a result.
import { ApplicationFailure, CancellationScope, condition, isCancellation, sleep } from '@temporalio/workflow';
import type { GateAnswer, PerformAnswer, PerformInput, Waiting, WithdrawInput } from '../activities/contract.ts';
import type { Command, StepResult } from '../engine/command.ts';
import { DEFAULT_ATTEMPTS } from '../engine/engine.ts';
import { timedOut } from '../engine/timed-out.ts';
import { undoEnd } from '../engine/undo-end.ts';
import { nowMs } from './clock.ts';
import { isFinal, patiently, performLocally, performRemotely } from './lanes.ts';
import { waitForTime } from './wait.ts';
import { sleepUntilWake, type Wakes } from './wakes.ts';

export interface Driving {
  readonly runId: string;
  readonly wakes: Wakes;
  /** When waits and time-outs are over, ms since 1970, by key: an instant that survives continue-as-new. */
  readonly due: Map<string, number>;
  /** What undos that are under way have taken back before the run continued as new, by key. */
  readonly undone: Map<string, Undone>;
  /** The history has grown long: what can rest shall rest. */
  readonly isLong: () => boolean;
}

/** Throws only what ends the run: a refusal. */
export async function runCommand(command: Exclude<Command, { readonly kind: 'cancel' }>, driving: Driving): Promise<StepResult> {
  const { runId } = driving;
  switch (command.kind) {
    case 'perform': {
      const { item, approve, gate, attempts = DEFAULT_ATTEMPTS } = command;
      const input = { runId, item, attempts, ...(approve ? { approve } : {}), ...(gate === undefined ? {} : { gate }) };
      const summary = summaryOf(command);
      const asked = async () =>
        await untilEnded(
          { key: item.key, id: item.id, kind: 'do' },
          driving,
          async () => await perform(input, summary),
          async () => await settled(input, driving),
        );
      return command.timeoutMs === undefined ? await asked() : await within(command.timeoutMs, item.key, driving, asked);
    }
    case 'gate': {
      const { key, id, approve, items } = command;
      return await untilEnded(
        { key, id, kind: 'gate' },
        driving,
        async () => await patiently('gate', { runId, key, id, approve, items }, key),
      );
    }
    case 'ask': {
      const { kind: _, ...question } = command;
      return await untilEnded(
        { key: command.key, id: command.id, kind: 'ask' },
        driving,
        async () => await patiently('ask', { runId, ...question }, command.key),
      );
    }
    case 'wait': {
      const { key, id, on } = command;
      if (!('event' in on)) return await waitForTime(command, on, driving);
      return await untilEnded(
        { key, id, kind: 'wait' },
        driving,
        async () => await patiently('awaitEvent', { runId, key, id, ...on }, key),
      );
    }
    case 'undo':
      // What was begun is put back even when the run is cancelled meanwhile.
      return await CancellationScope.nonCancellable(async () => await undo(command, driving));
    default:
      return unreachable(command);
  }
}

/** The step's own `timeout`: what waits then is withdrawn, what was sent is kept and its real end is the step's. */
async function within(timeoutMs: number, key: string, { due }: Driving, work: () => Promise<StepResult>): Promise<StepResult> {
  const untilMs = due.get(key) ?? nowMs() + timeoutMs;
  due.set(key, untilMs);
  const scope = new CancellationScope({ cancellable: true });
  const timer = new CancellationScope({ cancellable: true });
  let over = false;
  timer
    .run(async () => await sleep(Math.max(0, untilMs - nowMs()), { summary: `${key}: time-out` }))
    .then(
      () => {
        over = true;
        scope.cancel();
      },
      () => undefined,
    );
  const result = await scope.run(work);
  timer.cancel();
  due.delete(key);
  if (!over || result.outcome !== 'cancelled') return result;
  return timedOut(timeoutMs);
}

export interface Undone {
  readonly undone: number;
  readonly already: number;
}

/** Until the run continues as new, where the undo is given out again. */
async function restForGood(wakes: Wakes): Promise<void> {
  wakes.sleeping++;
  await condition(() => false);
}

type Ended = Extract<PerformAnswer, { readonly kind: 'ended' }>;

type Ask = () => Promise<Ended | Waiting | GateAnswer>;

/**
 * Asks, sleeps while it waits, asks again. Cancelled meanwhile: what waits is withdrawn, and of what was sent and not answered `settle` finds out
 * the end.
 */
async function untilEnded(
  place: Omit<WithdrawInput, 'runId'>,
  driving: Driving,
  ask: Ask,
  settle?: () => Promise<StepResult>,
): Promise<StepResult> {
  try {
    return await asLongAsItWaits(driving, ask);
  } catch (error) {
    if (!isCancellation(error) && (isFinal(error) || !CancellationScope.current().consideredCancelled)) throw error;
    // Also an attempt that failed after it was asked to stop: Temporal tries no such thing again.
    return await CancellationScope.nonCancellable(async () => {
      // An answer of before there was one says nothing of an intent.
      const left: { readonly intent: boolean } | undefined = await patiently(
        'withdraw',
        { runId: driving.runId, ...place },
        `${place.key}.withdraw`,
      );
      return left?.intent && settle ? await settle() : { outcome: 'cancelled' };
    });
  }
}

async function asLongAsItWaits(driving: Driving, ask: Ask): Promise<StepResult> {
  for (;;) {
    const seen = driving.wakes.count;
    const answer = await ask();
    if (answer.kind === 'ended') return answer.result;
    refuseUnknown(answer);
    await sleepUntilWake(driving.wakes, seen, answer);
  }
}

/** It is wanted no more, but may be in force: its end is found out, and nothing is sent again. */
async function settled(input: Omit<PerformInput, 'lane'>, driving: Driving): Promise<StepResult> {
  const { key } = input.item;
  return await asLongAsItWaits(driving, async () => await perform({ ...input, settle: true }, `${key}: how it ended`));
}

/** An answer that somebody else gave in an activity's place is not encrypted with our keys, and arrives as a refusal. */
function refuseUnknown(answer: Waiting): void {
  if (answer.kind === 'wait' && typeof answer.remainingMs === 'number') return;
  throw ApplicationFailure.nonRetryable('an answer did not come from Cordon: the run ends, and nothing more is done', 'ANSWER_REFUSED');
}

/** The local lane first; then, under the same key, the ordinary one. */
async function perform(input: Omit<PerformInput, 'lane'>, summary: string): Promise<Ended | Waiting> {
  const answer = await locally(input, summary);
  if (answer.kind !== 'retry') return answer;
  if (answer.afterMs > 0) await sleep(answer.afterMs, { summary: `${answer.code}: again in a moment` });
  const key = input.undo === undefined ? input.item.key : `${input.item.key}.undo`;
  const remote = await performRemotely({ attempts: input.attempts, key, summary })({ ...input, lane: 'remote' });
  // The remote lane answers `retry` by throwing to Temporal; it never comes back as an answer.
  return remote.kind === 'retry'
    ? { kind: 'ended', result: { outcome: 'failed', error: { code: remote.code, message: remote.message } } }
    : remote;
}

async function locally(input: Omit<PerformInput, 'lane'>, summary: string): Promise<PerformAnswer> {
  try {
    return await performLocally(summary)({ ...input, lane: 'local' });
  } catch (error) {
    if (isFinal(error)) throw error;
    return { kind: 'retry', afterMs: 0, code: 'LOCAL_FAILED', message: 'the local attempt ended without an answer' };
  }
}

/** Last effect first, each through the same door. What could not be undone is a debt in the ledger, and said here. */
async function undo(command: Extract<Command, { readonly kind: 'undo' }>, driving: Driving): Promise<StepResult> {
  const { runId } = driving;
  const entries = await patiently('listUndo', { runId, steps: command.steps }, `${command.key}.list`);
  // Those that are owed are in the list again after a restart, and answered from their record.
  const counts = { ...(driving.undone.get(command.key) ?? { undone: 0, already: 0 }), owed: 0 };
  for (const { hold, item } of entries) {
    if (driving.isLong()) await restForGood(driving.wakes);
    const input = { runId, item, undo: hold, attempts: DEFAULT_ATTEMPTS };
    const result = await untilEnded(
      { key: item.key, id: item.id, kind: 'undo' },
      driving,
      async () => await perform(input, `undo ${item.key}`),
    );
    if (result.outcome === 'changed') counts.undone++;
    else if (result.outcome === 'already') counts.already++;
    else counts.owed++;
    driving.undone.set(command.key, { undone: counts.undone, already: counts.already });
  }
  return undoEnd(counts);
}

const summaryOf = (command: Extract<Command, { readonly kind: 'perform' }>): string =>
  `${command.item.id}: ${command.item.verb}`.slice(0, 200);

const unreachable = (command: never): never => {
  throw new Error(`a command that nobody knows: ${JSON.stringify(command)}`);
};
