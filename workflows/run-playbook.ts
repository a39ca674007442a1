// A run: the engine says what is next, the world answers, until the engine says that it has finished.
import {
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  defineSignal,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { apply } from '../engine/apply.ts';
import { begin } from '../engine/begin.ts';
import type { Command, Event, Finish } from '../engine/command.ts';
import type { Given, RunState } from '../engine/engine.ts';
import { next } from '../engine/next.ts';
import { reissue } from '../engine/reissue.ts';
import type { Plan } from '../language/plan.ts';
import { REFUSED, type RunInput, WAKE_SIGNAL } from './contract.ts';
import { patiently } from './lanes.ts';
import { type Driving, runCommand } from './run-command.ts';
import type { Wakes } from './wakes.ts';

const wake = defineSignal(WAKE_SIGNAL);

export async function runPlaybook(input: RunInput): Promise<Finish> {
  const wakes: Wakes = { count: 0, sleeping: 0, woken: 0 };
  setHandler(wake, () => {
    wakes.count++;
  });
  const events: Event[] = [];
  // A cancel is an event like any other: the engine decides what still has to be put in order.
  CancellationScope.current().cancelRequested.catch(() => events.push({ kind: 'cancel-requested', by: 'a person' }));
  refuseForged(input);
  return await CancellationScope.nonCancellable(async () => await drive(input, wakes, events));
}

async function drive(input: RunInput, wakes: Wakes, events: Event[]): Promise<Finish> {
  const { plan, given } = await planOf(input);
  const scopes = new Map<string, CancellationScope>();
  const due = new Map(Object.entries(input.due ?? {}));
  const undone = new Map(Object.entries(input.undone ?? {}));
  const driving: Driving = { runId: input.runId, wakes, due, undone, isLong: () => workflowInfo().continueAsNewSuggested };
  let refusal: unknown;
  let state = input.state ?? begin(plan, given);

  const give = (command: Command): void => {
    if (command.kind === 'cancel') {
      scopes.get(command.key)?.cancel();
      return;
    }
    const key = command.kind === 'perform' ? command.item.key : command.key;
    const scope = new CancellationScope({ cancellable: true });
    scopes.set(key, scope);
    const ended = scope.run(async () => await runCommand(command, driving));
    ended.then(
      (result) => {
        scopes.delete(key);
        events.push({ kind: 'ended', key, result });
      },
      (error: unknown) => {
        refusal = error;
      },
    );
  };

  if (input.state) for (const command of reissue(input.state)) give(command);
  for (;;) {
    const now = next(plan, state);
    state = now.state;
    for (const command of now.commands) give(command);
    if (now.finish) return await finish(input, state, now.finish);
    setCurrentDetails(detailsOf(state));
    do {
      await condition(() => events.length > 0 || refusal !== undefined || isQuietAndLong(wakes, scopes));
      if (refusal !== undefined) throw refusal;
      for (const event of events.splice(0)) state = apply(state, event);
      if (isQuietAndLong(wakes, scopes)) await startAnew(input, state, driving, events);
      // Where the history has grown long nothing new is given out: what is under way ends, or sleeps.
    } while (workflowInfo().continueAsNewSuggested);
  }
}

/** The history has grown long, and every open step sleeps: a good moment to go on in a new one. */
const isQuietAndLong = (wakes: Wakes, scopes: ReadonlyMap<string, CancellationScope>): boolean =>
  workflowInfo().continueAsNewSuggested && wakes.sleeping === scopes.size;

/**
 * The store is told first, which lets go of this Temporal run. What wakes meanwhile asks the store, and so takes hold of it again: then, or when
 * something has happened that `state` does not know of, the run goes on as it is until it is quiet once more.
 */
async function startAnew(input: RunInput, state: RunState, { due, undone, wakes }: Driving, events: readonly Event[]): Promise<void> {
  const { woken } = wakes;
  await patiently('announceContinue', { runId: input.runId }, 'continue');
  if (wakes.woken !== woken || events.length > 0) return;
  await continueAsNew<(next: RunInput) => Promise<Finish>>({
    ...input,
    state,
    due: Object.fromEntries(due),
    undone: Object.fromEntries(undone),
  });
}

/** The run's last act writes its own end to the store. */
async function finish(input: RunInput, state: RunState, end: Finish): Promise<Finish> {
  const outcomes = Object.fromEntries(Object.entries(state.results).map(([key, result]) => [key, result.outcome]));
  await patiently('endRun', { runId: input.runId, finish: end, outcomes }, 'end');
  return end;
}

async function planOf(input: RunInput): Promise<{ plan: Plan; given: Given }> {
  if (input.plan) return { plan: input.plan, given: input.given };
  const pieces: string[] = [];
  for (let piece = 0, all = 1; piece < all; piece++) {
    const part = await patiently('loadPlan', { runId: input.runId, digest: input.planDigest, piece }, `load.${piece}`);
    pieces.push(part.text);
    all = part.pieces;
  }
  // Written by the activity from the store: a checked plan, and the alert as its adapter made it.
  const loaded = JSON.parse(pieces.join('')) as { plan: Plan; alert?: NonNullable<Given['alert']> };
  return { plan: loaded.plan, given: { ...input.given, ...(loaded.alert === undefined ? {} : { alert: loaded.alert }) } };
}

/** What was not encrypted with our keys arrives as a refusal: a start that somebody sent straight to Temporal. */
function refuseForged(input: RunInput): void {
  if (typeof input === 'object' && input !== null && !(REFUSED in input) && typeof input.runId === 'string') return;
  throw ApplicationFailure.nonRetryable('this start did not come from Cordon: nothing was done', 'START_REFUSED');
}

const MAX_SHOWN = 20;

/** For Temporal's own UI: what is under way, in the playbook's words. */
function detailsOf(state: RunState): string {
  const open = Object.values(state.open).map((command) =>
    command.kind === 'perform' ? `- ${command.item.key}: ${command.item.verb}` : `- ${command.key}: ${command.kind}`,
  );
  const shown = open.slice(0, MAX_SHOWN).join('\n');
  const more = open.length > MAX_SHOWN ? `\n… and ${open.length - MAX_SHOWN} more` : '';
  return open.length === 0 ? 'nothing is under way' : `${shown}${more}`;
}
