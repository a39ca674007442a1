// From state to working copy and back. The state that came in is never changed.
import type { Plan } from '../language/plan.ts';
import type { Finish } from './command.ts';
import type { RunState } from './engine.ts';
import type { Run } from './run.ts';

/** Without a prototype: a step may be called `constructor`. */
function copyMap<T>(map: Readonly<Record<string, T>>): Record<string, T> {
  return Object.assign(Object.create(null), map);
}

export function openDraft(plan: Plan, state: RunState, kindOf: Run['kindOf']): Run {
  return {
    plan,
    given: state.given,
    vars: copyMap(state.vars),
    results: copyMap(state.results),
    open: copyMap(state.open),
    frames: copyMap(state.frames),
    answers: copyMap(state.answers),
    cancelling: new Set(state.cancelling),
    commands: [],
    ended: [],
    remembered: state.remembered ?? 0,
    ending: state.ending,
    kindOf,
  };
}

export function closeDraft(run: Run, state: RunState, finish: Finish | undefined): RunState {
  return {
    version: state.version,
    given: state.given,
    vars: run.vars,
    results: run.results,
    open: run.open,
    frames: finish ? {} : run.frames,
    answers: run.answers,
    cancelling: [...run.cancelling],
    remembered: run.remembered,
    ...(state.cancelledBy === undefined ? {} : { cancelledBy: state.cancelledBy }),
    ...(run.ending ? { ending: run.ending } : {}),
    ...(finish ? { finish } : {}),
  };
}
