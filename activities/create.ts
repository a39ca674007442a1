// All activities, built from their dependencies. Thin: each is a function of a file of its own.
import { Context } from '@temporalio/activity';
import { listUndoable } from '../store/holds.ts';
import { endRun } from '../store/run-end.ts';
import { readRunAlert, releaseBinding } from '../store/runs.ts';
import { takeTick } from '../store/schedules.ts';
import { withdrawStep } from '../store/withdraw.ts';
import { asker } from './ask.ts';
import { breakers } from './breaker.ts';
import type { Activities, EndInput, UndoListInput } from './contract.ts';
import type { ActivityDeps } from './deps.ts';
import { refuse, refuseUnkept } from './failure.ts';
import { gateKeeper } from './gate.ts';
import { localLanes } from './local-lane.ts';
import { performer } from './perform.ts';
import { awaitEvent, pause, resume } from './wait.ts';

/** Pieces of a large plan, characters; below Temporal's 1 MiB even where each takes three bytes. */
const PIECE = 250_000;

export function createActivities(deps: ActivityDeps): Activities {
  const outages = breakers(deps.timing.outage, deps.monotonicMs);
  const lanes = localLanes({ closedMs: deps.timing.laneClosedMs, nowMs: deps.monotonicMs });
  return refusing({
    perform: performer(deps, outages, lanes),
    gate: gateKeeper(deps, outages, lanes),
    ask: asker(deps),
    pause: async (input) => await pause(deps, input),
    resume: async (input) => await resume(deps, input),
    awaitEvent: async (input) => await awaitEvent(deps, input),
    tick: async ({ scheduleId, at }) => {
      await takeTick(deps.store.db, scheduleId, new Date(at));
      deps.store.wake('outbox');
    },
    listUndo: async (input) => await listUndo(deps, input),
    loadPlan: async ({ runId, digest, piece }) => {
      const plan = await deps.plan(runId, digest);
      if (!plan) throw refuse('PLAN_NOT_FOUND', `run ${runId}: there is no plan ${digest}`);
      const text = JSON.stringify({ plan, alert: await readRunAlert(deps.store.db, runId) });
      return { text: text.slice(piece * PIECE, (piece + 1) * PIECE), pieces: Math.ceil(text.length / PIECE) };
    },
    endRun: async (input) => await end(deps, input),
    withdraw: async ({ runId, key, id, kind = 'do' }) => {
      const left = await withdrawStep(deps.store.db, { runId, key, stepId: id, kind, temporalRunId: temporalRunId() }, deps.now());
      deps.store.wake('approvals');
      return left;
    },
    announceContinue: async ({ runId }) => await releaseBinding(deps.store.db, runId, temporalRunId()),
  });
}

function refusing(activities: Activities): Activities {
  const refused = Object.entries(activities).map(([name, act]: [string, (input: never) => Promise<unknown>]) => [
    name,
    (input: never) => act(input).catch(refuseUnkept),
  ]);
  // The same names with the same inputs and answers.
  return Object.fromEntries(refused) as Activities;
}

const temporalRunId = (): string => Context.current().info.workflowExecution?.runId ?? '';

async function listUndo(deps: ActivityDeps, input: UndoListInput) {
  const holds = await listUndoable(deps.store.db, input.runId, input.steps);
  return holds.map((hold) => ({
    hold: hold.id,
    item: { key: hold.key, id: hold.step_id, verb: hold.verb, params: {} },
  }));
}

async function end(deps: ActivityDeps, input: EndInput): Promise<void> {
  const { finish, outcomes, runId } = input;
  const error = finish.error === undefined ? {} : { error: finish.error };
  const { unknown } = await endRun(
    deps.store.db,
    { runId, temporalRunId: temporalRunId(), state: finish.state, outcome: finish.outcome, outcomes, ...error },
    deps.now(),
    async (trx, { key, generation, verb }) => {
      const about = { runId, key: `${key}.${generation}.end` }; // an effect and its undo are two
      await deps.page(`it is not known whether '${verb ?? key}' took effect: its run ended before that`, about, trx);
    },
  );
  if (unknown.length > 0) deps.store.wake('messages');
  deps.store.wake('runs');
  deps.store.wake('approvals');
  deps.store.wake('outbox'); // a place is free
}
