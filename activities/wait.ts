// Waits as the store knows them. A time is kept by the run itself, and only shown here; an event is the store's to find, and to give up.
import { Context } from '@temporalio/activity';
import { endStep, recordWaiting, type StepIdentity } from '../store/effects.ts';
import { takeEvent } from '../store/run-events.ts';
import { type BoundRun, bindRun } from '../store/runs.ts';
import type { EventWaitInput, GateAnswer, PauseInput } from './contract.ts';
import type { ActivityDeps } from './deps.ts';
import { runNotOurs } from './failure.ts';
import { failed, waiting } from './outcome.ts';

/** From here on the run's working place is for others. */
const LONG_MS = 60_000;

type Place = Pick<PauseInput, 'runId' | 'key' | 'id'>;

export async function pause(deps: ActivityDeps, input: PauseInput): Promise<void> {
  await bound(deps, input);
  const { forMs } = input;
  await recordWaiting(deps.store.db, { identity: identityOf(input), facts: {}, on: 'time', untilMs: forMs }, forMs >= LONG_MS);
  deps.store.wake('runs');
  deps.store.wake('outbox');
}

export async function resume(deps: ActivityDeps, input: Place): Promise<void> {
  const run = await bound(deps, input);
  await end(deps, run, input, 'done');
}

export async function awaitEvent(deps: ActivityDeps, input: EventWaitInput): Promise<GateAnswer> {
  const run = await bound(deps, input);
  const { runId, key, event, withinMs } = input;
  const found = await takeEvent(deps.store.db, { runId, key, name: event });
  if (found.event) {
    const { body, by, at } = found.event;
    await end(deps, run, input, 'answered', { answer: body, by });
    return { kind: 'ended', result: { outcome: 'answered', answer: body, by, at } };
  }
  if (found.leftMs !== undefined && found.leftMs <= 0) {
    await end(deps, run, input, 'expired');
    return { kind: 'ended', result: failed('EVENT_EXPIRED', `the event ${event} did not come in time`, 'expired') };
  }
  const detail = `waits for the event ${event}`;
  if (found.leftMs !== undefined) return waiting('event', found.leftMs, detail);
  const facts = { says: `Wait for the event ${event}`, params: { event } };
  await recordWaiting(deps.store.db, { identity: identityOf(input), facts, on: 'event', untilMs: withinMs }, true);
  deps.store.wake('runs');
  deps.store.wake('outbox');
  return waiting('event', withinMs, detail);
}

async function bound(deps: ActivityDeps, { runId, key }: Place): Promise<BoundRun> {
  const temporalRunId = Context.current().info.workflowExecution?.runId ?? '';
  const run = await bindRun(deps.store.db, runId, temporalRunId, { key, generation: 0 });
  if (!run) throw runNotOurs(runId);
  return run;
}

async function end(deps: ActivityDeps, run: BoundRun, place: Place, outcome: string, output?: unknown): Promise<void> {
  const ending = { identity: identityOf(place), facts: {}, incidentId: run.incident_id, outcome, recovered: false };
  await endStep(deps.store.db, output === undefined ? ending : { ...ending, output }, deps.now());
  deps.store.wake('runs');
}

const identityOf = ({ runId, key, id }: Place): StepIdentity => ({ runId, key, generation: 0, stepId: id, kind: 'wait' });
