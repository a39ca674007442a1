// One stored alert under two versions of a playbook: what each would have done, by the answers that were recorded, and what differs.

import type { Alert } from '../../alerts/alert.ts';
import type { PerformItem } from '../../engine/command.ts';
import { simulate } from '../../engine/simulation/simulate.ts';
import type { Judge, Simulation } from '../../engine/simulation/simulation.ts';
import { own } from '../../language/own.ts';
import type { Plan } from '../../language/plan.ts';
import { VERBS } from '../../language/verbs.ts';
import { holdBrief } from '../../language/words/step-words.ts';
import { startByStored } from '../starting.ts';
import type { Records } from './records.ts';

/** What one version would have done. */
export interface Done {
  readonly starts: boolean;
  /** Why it starts or does not. */
  readonly why: string;
  /** One line for each effect that would have been sent. */
  readonly effects: readonly string[];
  readonly outcome: string;
  /** What nobody knows, because it was never asked. */
  readonly unknown: readonly string[];
  /** Answers that another step of the recorded run has got. */
  readonly borrowed: readonly string[];
}

export interface Difference {
  readonly verdict: 'same' | 'differs' | 'unknown';
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly unknown: readonly string[];
  readonly before: Done;
  readonly after: Done;
}

export function compareVersions(published: Plan, changed: Plan, alert: Alert, records: Records): Difference {
  const [before, after] = [published, changed].map((plan) => doneBy(plan, alert, records));
  if (!before || !after) throw new Error('two versions make two accounts');
  const added = without(after.effects, before.effects);
  const removed = without(before.effects, after.effects);
  // What the published version would have had to guess too says nothing about the change.
  const unknown = without(after.unknown, before.unknown);
  const differs = added.length + removed.length > 0 || before.starts !== after.starts || before.outcome !== after.outcome;
  return { verdict: unknown.length > 0 ? 'unknown' : differs ? 'differs' : 'same', added, removed, unknown, before, after };
}

/** As lists: two of the same are two. */
function without(all: readonly string[], known: readonly string[]): readonly string[] {
  const left = [...known];
  return all.filter((one) => {
    const at = left.indexOf(one);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function doneBy(plan: Plan, alert: Alert, records: Records): Done {
  const start = startByStored(plan, alert);
  if (start.kind !== 'started') return { starts: false, why: start.reason, effects: [], outcome: 'not-started', unknown: [], borrowed: [] };
  const answers = records.answers();
  const items = new Map<string, { readonly item: PerformItem; readonly asks: boolean }>();
  const judge: Judge = {
    effect: (item, wish, isCovered) => {
      items.set(item.key, { item, asks: wish !== undefined || isCovered });
      return wish ? { kind: 'allow', approve: wish } : { kind: 'allow' };
    },
    gate: (_items, wish) => ({ kind: 'allow', approve: wish }),
  };
  // Where nobody was asked before, people are taken to agree: the effects are what is to be seen, and the question is named beside them.
  const script = { answers: {}, people: records.people, recorded: answers.to, areWilling: true };
  const simulation = simulate(plan, start.given, script, judge);
  const effects = [...items.values()].filter(({ item }) => own(VERBS, item.verb)?.risk !== 'read' && isSent(simulation, item));
  const asked = [...new Set(simulation.happenings.filter((one) => one.what === 'asked').map((one) => one.step))];
  return {
    starts: true,
    why: start.why,
    effects: effects.map(({ item, asks }) => effectWords(item, asks)),
    outcome: simulation.finish?.outcome ?? 'nothing',
    unknown: [
      ...[...items.values()]
        .filter(({ item }) => own(VERBS, item.verb)?.risk === 'read' && !answers.to(item))
        .map(({ item }) => `what ${item.verb} would have answered about ${targetWords(item)}`),
      ...asked.filter((step) => !records.asked.has(step)).map((step) => `what people would have said to ${step}`),
    ],
    borrowed: answers.borrowed(),
  };
}

/** Not what people or policy have refused. */
function isSent({ results }: Simulation, { key }: PerformItem): boolean {
  const outcome = own(results, key)?.outcome;
  return outcome !== undefined && !['denied', 'expired', 'cancelled'].includes(outcome);
}

function effectWords(item: PerformItem, asks: boolean): string {
  const risk = own(VERBS, item.verb)?.risk;
  const held = risk === 'reversible' ? `, ${holdBrief(item.hold)}` : '';
  const approval = risk === 'additive' ? '' : asks ? ', after an approval' : ', without asking';
  return `${item.verb} ${targetWords(item)}`.trim() + approval + held;
}

function targetWords(item: PerformItem): string {
  const target = own(VERBS, item.verb)?.target;
  const value = target === undefined ? undefined : item.params[target];
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  const members = new Map(Object.entries(value));
  return (
    ['id', 'name', 'email', 'subject', 'sha256'].map((key) => members.get(key)).find((one): one is string => typeof one === 'string') ?? ''
  );
}
