// What a change of a playbook changes for the world: what is done, to whom, with what, when, how often, who is asked, what is held. In plain words.

import { type Fact, fromTo, type Part, type PlanChange } from './diff/fact.ts';
import { planFacts } from './diff/plan-facts.ts';
import { stepFacts } from './diff/step-facts.ts';
import { untoldPaths } from './diff/untold.ts';
import type { Plan } from './plan.ts';

export type { PlanChange } from './diff/fact.ts';

type Facts = ReadonlyMap<string, Fact>;

/** Notes, titles and descriptions are no changes: the same is done. Empty only where nothing else differs. */
export function diffPlans(before: Plan, after: Plan): readonly PlanChange[] {
  const was = factsOf(before);
  const is = factsOf(after);
  const changes: PlanChange[] = [];
  for (const [key, fact] of is) {
    const old = was.get(key);
    if (!old) changes.push({ change: 'added', about: fact.about, says: whole(fact) });
    else for (const says of partsChanged(old, fact)) changes.push({ change: 'changed', about: fact.about, says });
  }
  changes.push(...aroundChanged(was, is));
  for (const [key, fact] of was) if (!is.has(key)) changes.push({ change: 'removed', about: fact.about, says: whole(fact) });
  changes.push(...orderChanged(was, is));
  const untold = changes.length === 0 ? untoldPaths(before, after) : undefined;
  if (untold === undefined) return changes;
  return [{ change: 'changed', about: 'playbook', says: `it differs in a way that this comparison has no words for: ${untold}` }];
}

/** What a playbook brings of which nothing is in force. */
export const introducedBy = (plan: Plan): readonly PlanChange[] =>
  [...factsOf(plan).values()].map((fact) => ({ change: 'added', about: fact.about, says: whole(fact) }));

function factsOf(plan: Plan): Facts {
  const facts = new Map<string, Fact>();
  const add = (key: string, fact: Fact): void => {
    // Several alike: each is one of its own.
    let own = key;
    for (let count = 2; facts.has(own); count += 1) own = `${key} ${count}`;
    facts.set(own, fact);
  };
  planFacts(plan, add);
  // What a called playbook does is done by the caller.
  stepFacts(plan.steps, [], add);
  return facts;
}

/** The title says these already. */
const IN_TITLE: readonly string[] = ['target', 'title'];

const whole = ({ title, parts }: Fact): string =>
  [title, ...Object.entries(parts).flatMap(([name, { words }]) => (words === '' || IN_TITLE.includes(name) ? [] : [words]))].join(', ');

const partsChanged = (old: Fact, fact: Fact): readonly string[] =>
  [...new Set([...Object.keys(old.parts), ...Object.keys(fact.parts)])].flatMap((name) => {
    const [from, to] = [old.parts[name], fact.parts[name]];
    return name === 'around' || from?.raw === to?.raw ? [] : [`${fact.title}: ${fromTo(from, to)}`];
  });

/** One line for all that the same has changed around. */
function aroundChanged(was: Facts, is: Facts): readonly PlanChange[] {
  const lines = new Map<string, { readonly from: Part; readonly to: Part; readonly facts: readonly Fact[] }>();
  for (const [key, fact] of is) {
    const [from, to] = [was.get(key)?.parts.around, fact.parts.around];
    if (!from || !to || from.raw === to.raw) continue;
    const line = `${from.raw} ${to.raw}`;
    lines.set(line, { from, to, facts: [...(lines.get(line)?.facts ?? []), fact] });
  }
  return [...lines.values()].map(({ from, to, facts }) => ({
    change: 'changed',
    about: (facts.find(({ about }) => about === 'effect') ?? facts[0])?.about ?? 'step',
    says: `${facts.map(({ title }) => title).join('; ')}: ${fromTo(named(from), named(to))}`,
  }));
}

/** What stands in no other step is done in any case. */
const named = (around: Part): Part => (around.words === '' ? { ...around, words: 'in any case' } : around);

/** Steps that are in both, in the same surroundings, and come one after the other in another way. */
function orderChanged(was: Facts, is: Facts): readonly PlanChange[] {
  const isSame = (key: string): boolean => {
    const [a, b] = [was.get(key)?.parts.around, is.get(key)?.parts.around];
    return a !== undefined && a.raw === b?.raw;
  };
  const from = [...was.keys()].filter(isSame);
  const to = [...is.keys()].filter(isSame);
  const first = from.findIndex((key, index) => key !== to[index]);
  if (first < 0) return [];
  const end = from.findLastIndex((key, index) => key !== to[index]) + 1;
  const titles = (keys: readonly string[], facts: Facts): string =>
    keys
      .slice(first, end)
      .map((key) => facts.get(key)?.title ?? key)
      .join('; ');
  return [{ change: 'changed', about: 'order', says: `one after the other: ${titles(from, was)} → ${titles(to, is)}` }];
}
