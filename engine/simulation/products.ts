// The products of a simulated world: they answer what the script says, keep what was changed, and take it back.

import { own } from '../../language/own.ts';
import type { Json } from '../../language/plan.ts';
import type { ScenarioAnswer } from '../../language/scenario.ts';
import { VERBS } from '../../language/verbs.ts';
import type { Command, PerformItem, StepResult } from '../command.ts';
import { DEFAULT_ATTEMPTS } from '../engine.ts';
import { isMeant } from '../keys.ts';
import { ordinaryOutput } from './ordinary.ts';
import type { Script } from './simulation.ts';
import { createStates, type States } from './states.ts';

export interface Products {
  readonly answerTo: (item: PerformItem) => ScenarioAnswer;
  /** So already: the scenario says it, or an effect before it has made it so. Found by reading, before anybody is asked. */
  readonly isAlready: (item: PerformItem) => boolean;
  /** The request arrives; gives how it ended and how often it was tried again before. */
  readonly perform: (item: PerformItem, attempts: number | undefined) => { readonly result: StepResult; readonly retries: number };
  /** Nobody waits for it any more: it ended so. */
  readonly giveUp: (item: PerformItem, result: StepResult) => StepResult;
  /** What was given up has taken effect after all. */
  readonly land: (item: PerformItem) => void;
  /** Last effect first. */
  readonly undo: (command: Extract<Command, { readonly kind: 'undo' }>) => readonly Undone[];
  /** The hold of this one is over; nothing where it was taken back before. */
  readonly release: (item: PerformItem) => readonly Undone[];
  readonly held: () => readonly PerformItem[];
}

export interface Undone {
  readonly item: PerformItem;
  /** gone: it is not in force, so there is nothing to take back, and nothing is sent. */
  readonly how: 'undone' | 'fails' | 'gone';
}

const ORDINARY_ANSWER: ScenarioAnswer = { output: {}, fails: 0, takesMs: 0, undo: 'works' };

export function createProducts(script: Script): Products {
  let held: readonly PerformItem[] = [];
  /** Held, and not in force: what could not be read back. */
  const absent = new Set<PerformItem>();
  const hold = (item: PerformItem, result: StepResult) => {
    if (IN_FORCE.has(result.outcome)) states.begin(item);
    if (!isLasting(item, result)) return;
    held = [...held, item];
    if (!IN_FORCE.has(result.outcome)) absent.add(item);
  };
  const states = createStates(script.already ?? []);
  const scripted = (name: string) => (Object.hasOwn(script.answers, name) ? script.answers[name] : undefined);
  const answerTo = (item: PerformItem) =>
    script.recorded?.(item) ?? scripted(item.key) ?? scripted(item.id) ?? scripted(item.verb) ?? ORDINARY_ANSWER;
  const isAlready = (item: PerformItem) => {
    const { outcome } = answerTo(item);
    return outcome === 'already' || (outcome === undefined && states.isSo(item.verb, item));
  };
  const howUndone = (item: PerformItem): Undone['how'] => {
    if (answerTo(item).undo === 'fails') return 'fails'; // the scenario says so: then it has taken effect
    return absent.has(item) ? 'gone' : 'undone';
  };
  const takeBack = (chosen: readonly PerformItem[]): readonly Undone[] => {
    const tried = chosen.map((item) => ({ item, how: howUndone(item) }));
    const gone = new Set(tried.filter(({ how }) => how !== 'fails').map((one) => one.item));
    held = held.filter((item) => !gone.has(item));
    for (const { item, how } of tried) if (how === 'undone') states.end(item);
    return tried;
  };
  return {
    answerTo,
    isAlready,
    perform: (item, attempts = DEFAULT_ATTEMPTS) => {
      const given = answerTo(item);
      const answer = isAlready(item) ? { ...given, outcome: 'already' as const, fails: 0 } : given;
      if (answer.fails >= attempts) return { result: failure(answer, `failed ${attempts} times`), retries: attempts - 1 };
      const result = respond(item, answer, states);
      hold(item, result);
      return { result, retries: answer.fails };
    },
    giveUp: (item, ended) => {
      const result = ended.outcome === 'unverified' ? { ...ended, output: outputOf(item, answerTo(item), states) } : ended;
      hold(item, result);
      return result;
    },
    land: (item) => {
      absent.delete(item);
      states.begin(item);
    },
    undo: ({ steps }) => takeBack(held.filter((item) => steps === 'all' || isMeant(steps, item.key)).toReversed()),
    release: (item) => takeBack(held.filter((one) => one === item)),
    held: () => held,
  };
}

/** Lost between effect and answer: it has taken effect. What could not be read back has not. */
const IN_FORCE: ReadonlySet<string> = new Set(['changed', 'already', 'unknown']);

function respond(item: PerformItem, answer: ScenarioAnswer, states: States): StepResult {
  const outcome = answer.outcome ?? (VERBS[item.verb]?.risk === 'read' ? 'read' : 'changed');
  if (outcome === 'failed') return failure(answer, 'failed');
  if (outcome === 'denied') return { outcome, error: { code: 'POLICY_DENIED', message: answer.error ?? 'denied, as the scenario says' } };
  const error = own(REASONS, outcome);
  const words = answer.error === undefined ? {} : { message: answer.error };
  const reason = error
    ? { error: { ...error, ...words } }
    : answer.error === undefined
      ? {}
      : { error: { code: 'SCENARIO', message: answer.error } };
  return { outcome, output: outputOf(item, answer, states), ...reason };
}

const outputOf = (item: PerformItem, answer: ScenarioAnswer, states: States): Readonly<Record<string, Json>> => ({
  ...ordinaryOutput(item, (verb) => states.isSo(verb, item)),
  ...answer.output,
});

/** As production says it. */
export const NOT_VERIFIED = { code: 'NOT_VERIFIED', message: 'the product accepted it, but reading back does not show it' };
const REASONS: Readonly<Record<string, { readonly code: string; readonly message: string }>> = {
  unverified: NOT_VERIFIED,
  unknown: { code: 'EFFECT_UNKNOWN', message: 'it may have taken effect; the product cannot tell, so a person decides' },
};

const failure = (answer: ScenarioAnswer, message: string): StepResult => ({
  outcome: 'failed',
  error: { code: 'SCENARIO_FAILED', message: answer.error ?? `${message}, as the scenario says` },
});

// What may be in place is kept as if it were: that is what the ledger does too.
function isLasting(item: PerformItem, { outcome }: StepResult): boolean {
  return VERBS[item.verb]?.risk === 'reversible' && (outcome === 'changed' || outcome === 'unverified' || outcome === 'unknown');
}
