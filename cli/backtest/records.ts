// What a finished run has left behind, as answers for a simulation: what products answered, and what people decided.

import type { PerformItem } from '../../engine/command.ts';
import { canonicalJson } from '../../language/canonical.ts';
import { own } from '../../language/own.ts';
import type { Json } from '../../language/plan.ts';
import type { ScenarioAct, ScenarioAnswer } from '../../language/scenario.ts';
import { VERBS } from '../../language/verbs.ts';
import type { RunDetail, StepRow } from '../../server/contract.ts';

export interface Records {
  /** For one simulation: what is borrowed for one step is not given to the next as well, as long as there is another. */
  readonly answers: () => Answers;
  readonly people: readonly ScenarioAct[];
  /** Steps that people were asked about. */
  readonly asked: ReadonlySet<string>;
}

export interface Answers {
  /** The recorded answer to the same verb about the same target, the same step's first; undefined: it was never asked. */
  readonly to: (item: PerformItem) => ScenarioAnswer | undefined;
  /** Answers that another step has got, in words. */
  readonly borrowed: () => readonly string[];
}

export const NO_RECORDS: Records = { answers: () => ({ to: () => undefined, borrowed: () => [] }), people: [], asked: new Set() };

interface Recorded {
  readonly key: string;
  readonly answer: ScenarioAnswer;
}

export function recordsOf(run: RunDetail): Records {
  const known = new Map<string, readonly Recorded[]>();
  for (const step of run.steps) {
    const answer = step.kind === 'do' && step.generation === 0 ? answerOf(step) : undefined;
    if (!answer || step.verb === undefined) continue;
    const place = placeOf(step.verb, step.input);
    known.set(place, [...(known.get(place) ?? []), { key: step.key, answer }]);
  }
  return {
    answers: () => answersOf(known),
    people: run.approvals.flatMap(actsOf),
    asked: new Set(run.approvals.map((one) => one.stepId)),
  };
}

/** A step that was not there then gets what others got, in the order in which they did; the last of them again where there are no more. */
function answersOf(known: ReadonlyMap<string, readonly Recorded[]>): Answers {
  const lent = new Map<string, { readonly item: PerformItem; readonly place: string; readonly from: Recorded }>();
  const lend = (item: PerformItem, place: string, all: readonly Recorded[]): Recorded | undefined => {
    const before = lent.get(item.key);
    if (before) return before.from;
    const from = all[[...lent.values()].filter((one) => one.place === place).length] ?? all.at(-1);
    if (from) lent.set(item.key, { item, place, from });
    return from;
  };
  return {
    to: (item) => {
      const place = placeOf(item.verb, item.params);
      const all = known.get(place) ?? [];
      return (all.find(({ key }) => key === item.key) ?? lend(item, place, all))?.answer;
    },
    borrowed: () => [...lent.values()].map(({ item, from }) => `${item.key}: ${item.verb} as it answered ${from.key}`),
  };
}

/** The same question to the same product: the verb with its target, or with all of its parameters where it has none. */
function placeOf(verb: string, params: Readonly<Record<string, unknown>>): string {
  const about = own(VERBS, verb);
  const named = about?.target === undefined ? undefined : params[about.target];
  // An effect without a target (a ticket, a message) is another one each time: its words do not matter here.
  const what = named ?? (about?.risk === 'read' ? params : '');
  return `${verb} ${canonicalJson(JSON.parse(JSON.stringify(what)))}`;
}

const OUTCOMES: readonly string[] = ['read', 'changed', 'already', 'would', 'unverified', 'failed', 'unknown', 'denied'];
type Outcome = NonNullable<ScenarioAnswer['outcome']>;

/** Undefined for what has not ended, and for an answer that was too large to be kept beside the run. */
function answerOf({ state, outcome, output, error }: StepRow): ScenarioAnswer | undefined {
  if (state !== 'ended' || outcome === undefined || !OUTCOMES.includes(outcome)) return undefined;
  // What a person has refused says nothing about what the product would have done.
  if (outcome === 'denied' && error?.code !== 'POLICY_DENIED') return undefined;
  if (output && typeof output.reference === 'string' && typeof output.bytes === 'number') return undefined;
  return {
    // One of the list above; denied by people or by policy, it is what the record says.
    outcome: outcome as Outcome,
    // The API's JSON.
    output: (output ?? {}) as Readonly<Record<string, Json>>,
    fails: 0,
    takesMs: 0,
    undo: 'works',
    ...(error ? { error: error.message } : {}),
  };
}

/** At once, by whoever is asked: how long people took and who they were changes nothing that is compared. Silence is told as a denial, which is what it means. */
function actsOf({ stepId, kind, state, answer, requirement }: RunDetail['approvals'][number]): readonly ScenarioAct[] {
  if (kind === 'question')
    return state === 'answered' && answer !== undefined
      ? [{ does: 'answer', step: stepId, with: answer, by: 'recorded', anybody: true }]
      : [];
  if (state === 'granted')
    return Array.from(
      { length: requirement.count },
      (_, index) => ({ does: 'approve', step: stepId, by: `recorded ${index + 1}`, anybody: true }) as const,
    );
  return state === 'denied' || state === 'expired' ? [{ does: 'deny', step: stepId, by: 'recorded', anybody: true }] : [];
}
