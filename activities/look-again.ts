// Under the lock, just before it acts: what another process has recorded of the step since this attempt began.
import { ConnectorFailure } from '../connectors/connector.ts';
import type { PerformItem } from '../engine/command.ts';
import { type BoundRun, readStep, type StepRecord } from '../store/runs.ts';
import type { PerformAnswer } from './contract.ts';
import type { ActivityDeps } from './deps.ts';
import { ended, resultOf, waiting } from './outcome.ts';

interface Work {
  readonly run: BoundRun;
  readonly item: PerformItem;
  readonly open?: StepRecord;
}

type Again<W> =
  | { readonly kind: 'go'; readonly work: W }
  | { readonly kind: 'leave'; readonly answer: PerformAnswer; readonly landsInMs: number };

/** leave: it has ended, or another process is at it. The work that goes on knows the step as it is now. */
export async function lookAgain<W extends Work>(deps: ActivityDeps, work: W, generation: number): Promise<Again<W>> {
  const step = await readStep(deps.store.db, { runId: work.run.id, key: work.item.key, generation });
  if (step?.state === 'ended') return { kind: 'leave', answer: ended(resultOf(step, work.run.id)), landsInMs: 0 };
  if (step?.state !== 'intent') return { kind: 'go', work: { ...work, run: { ...work.run, step: step ?? null } } };
  const landsInMs = step.lands_in_ms;
  if (landsInMs > 0) return { kind: 'leave', answer: waiting('lease', landsInMs, 'another attempt is at it; then it is read'), landsInMs };
  return { kind: 'go', work: { ...work, run: { ...work.run, step }, open: step } };
}

/** Too late: nothing was sent, and what was decided by looking is not recorded. The next attempt looks afresh. */
export const lockLost = (): ConnectorFailure =>
  new ConnectorFailure('retryable', 'LOCK_LOST', 'the lock was taken over, or another process is at the step; nothing was sent');
