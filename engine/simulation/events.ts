// The events of a simulated run: each is posted once and kept; the first wait of its name uses it, also one that begins later.
import type { Plan } from '../../language/plan.ts';
import type { ScenarioAct } from '../../language/scenario.ts';
import type { StepResult } from '../command.ts';
import { idOf } from '../keys.ts';
import { type Clock, isoAfter } from './clock.ts';
import { allSteps } from './outline.ts';
import { inWords } from './people.ts';
import type { Happening } from './simulation.ts';

interface Wait {
  readonly key: string;
  readonly id: string;
  /** Name of the event. */
  readonly event: string;
  readonly withinMs: number;
  /** Called where it has to wait at all. */
  readonly waits: () => void;
  readonly end: (result: StepResult) => void;
}

interface Posted {
  readonly act: ScenarioAct;
  readonly name: string;
  readonly atMs: number;
  /** A wait that it was meant for had ended. */
  readonly isLate: boolean;
}

export interface Events {
  readonly await: (wait: Wait) => void;
  /** False when nothing waits under this key. */
  readonly withdraw: (key: string) => boolean;
  /** Came when nothing waited any more, and no later wait has used them. */
  readonly ignored: () => readonly Happening[];
  readonly problems: () => readonly string[];
}

/** What people do at waits for an event; the rest is for those who are asked. */
export const isAboutEvents = (plan: Plan): ((act: ScenarioAct) => boolean) => {
  const names = eventNames(plan);
  return (act) => act.does === 'signal' || names.has(idOf(act.step));
};

const eventNames = (plan: Plan): ReadonlyMap<string, string> =>
  new Map(allSteps(plan).flatMap((step) => (step.kind === 'wait' && 'event' in step.on ? [[step.id, step.on.event] as const] : [])));

export function createEvents(plan: Plan, acts: readonly ScenarioAct[], clock: Clock): Events {
  const names = eventNames(plan);
  const open = new Map<string, Wait>();
  const begun = new Set<string>();
  const timed = new Set<ScenarioAct>();
  let kept: readonly Posted[] = [];

  const close = (wait: Wait, result: StepResult) => {
    open.delete(wait.key);
    wait.end(result);
  };
  const use = (wait: Wait, { act, atMs }: Posted) =>
    close(wait, { outcome: 'answered', ...(act.with === undefined ? {} : { answer: act.with }), by: act.by, at: isoAfter(atMs) });
  const post = (act: ScenarioAct, name: string) => {
    const posted = { act, name, atMs: clock.nowMs(), isLate: begun.has(idOf(act.step)) };
    const wait = [...open.values()].find((one) => one.event === name);
    if (wait) use(wait, posted);
    else kept = [...kept, posted];
  };
  /** Whose time begins with this wait. In a loop each turn has the next of those that name the step; who names the turn means that one. */
  const untimed = ({ id, key }: Wait): readonly ScenarioAct[] => {
    const free = acts.filter((act) => act.does === 'signal' && act.atMs === undefined && !timed.has(act));
    const [ofTurn, ofStep] = [free.filter(({ step }) => step === key), free.filter(({ step }) => step === id)];
    if (key === id) return ofStep;
    return ofTurn.length > 0 ? ofTurn : ofStep.slice(0, 1);
  };
  for (const act of acts) {
    const name = names.get(idOf(act.step));
    if (act.does === 'signal' && name !== undefined && act.atMs !== undefined) clock.at(act.atMs, () => post(act, name));
  }
  return {
    await: (wait) => {
      begun.add(wait.id);
      const found = kept.find(({ name }) => name === wait.event);
      if (found) {
        kept = kept.filter((one) => one !== found);
        use(wait, found);
        return;
      }
      open.set(wait.key, wait);
      wait.waits();
      for (const act of untimed(wait)) {
        timed.add(act);
        clock.at(clock.nowMs() + (act.afterMs ?? 0), () => post(act, wait.event));
      }
      const message = `the event ${wait.event} did not come in time`;
      const expired: StepResult = { outcome: 'expired', error: { code: 'EVENT_EXPIRED', message } };
      clock.at(clock.nowMs() + wait.withinMs, () => open.get(wait.key) === wait && close(wait, expired));
    },
    withdraw: (key) => open.delete(key),
    ignored: () =>
      kept.flatMap(({ act, atMs, isLate }) => (isLate ? [{ atMs, step: idOf(act.step), key: act.step, what: 'ignored', by: act.by }] : [])),
    problems: () => acts.flatMap((act) => problemOf(act, names.get(idOf(act.step)), begun.has(idOf(act.step)))),
  };
}

function problemOf(act: ScenarioAct, name: string | undefined, hasBegun: boolean): readonly string[] {
  if (name === undefined) return [`${inWords(act)}: ${act.step} waits for no event`];
  if (act.does !== 'signal') return [`${inWords(act)}: ${act.step} waits for the event ${name}`];
  return hasBegun ? [] : [`${inWords(act)}: nothing has waited for it`];
}
