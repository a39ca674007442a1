// What a change of a playbook changes for the world: which effects, approvals, holds, questions and starts are new, gone or other. In plain words.

import { everyStep } from './checks/step-facts.ts';
import { own } from './own.ts';
import type { Approve, Hold, Plan, Step } from './plan.ts';
import { VERBS } from './verbs.ts';
import { conditionWords, templateWords } from './words/expression-words.ts';
import { durationWords, listWords, peopleWords } from './words/quantities.ts';
import { triggerWords } from './words/trigger-words.ts';

export interface PlanChange {
  readonly change: 'added' | 'removed' | 'changed';
  readonly about: 'start' | 'input' | 'read' | 'effect' | 'approval' | 'question' | 'undo' | 'end';
  /** One line: "effect: Disable a user on inputs.user, held for 24 hours, then people are asked". */
  readonly says: string;
}

interface Fact {
  readonly about: PlanChange['about'];
  readonly title: string;
  /** What may change of it, by name. */
  readonly parts: Readonly<Record<string, string>>;
}

/** Order, notes, titles and names of steps are no changes: the same is done. */
export function diffPlans(before: Plan, after: Plan): readonly PlanChange[] {
  const was = factsOf(before);
  const is = factsOf(after);
  const changes: PlanChange[] = [];
  for (const [key, fact] of is) {
    const old = was.get(key);
    if (!old) changes.push({ change: 'added', about: fact.about, says: whole(fact) });
    else for (const says of partsChanged(old, fact)) changes.push({ change: 'changed', about: fact.about, says });
  }
  for (const [key, fact] of was) if (!is.has(key)) changes.push({ change: 'removed', about: fact.about, says: whole(fact) });
  return changes;
}

const whole = ({ title, parts }: Fact): string =>
  // The title names the target already.
  [title, ...Object.entries(parts).flatMap(([name, part]) => (part === '' || name === 'target' ? [] : [part]))].join(', ');

const partsChanged = (old: Fact, fact: Fact): readonly string[] =>
  [...new Set([...Object.keys(old.parts), ...Object.keys(fact.parts)])].flatMap((part) => {
    const [from = '', to = ''] = [old.parts[part], fact.parts[part]];
    return from === to ? [] : [`${fact.title}: ${from || 'nothing said'} → ${to || 'nothing said'}`];
  });

function factsOf(plan: Plan): ReadonlyMap<string, Fact> {
  const facts = new Map<string, Fact>();
  const add = (key: string, fact: Fact): void => {
    // Several alike: each is one of its own.
    let own = key;
    for (let count = 2; facts.has(own); count += 1) own = `${key} ${count}`;
    facts.set(own, fact);
  };
  for (const trigger of plan.triggers)
    add(`start ${triggerWords(trigger, plainName)}`, { about: 'start', title: triggerWords(trigger, plainName), parts: {} });
  for (const [name, { type, list, optional }] of Object.entries(plan.inputs))
    add(`input ${name}`, {
      about: 'input',
      title: `input ${name}`,
      parts: { type: `${list ? 'a list of ' : ''}${type}`, optional: optional ? 'may be missing' : 'must be given' },
    });
  add('end', {
    about: 'end',
    title: 'when the run fails',
    parts: { then: plan.onFailure === 'undo' ? 'everything is undone' : 'what is contained stays' },
  });
  // What a called playbook does is done by the caller.
  for (const step of everyStep(plan.steps)) addFact(step, add);
  return facts;
}

const plainName = (id: string): string => id;

function addFact(step: Step, add: (key: string, fact: Fact) => void): void {
  const when = step.when === undefined ? '' : `only when ${conditionWords(step.when, plainName)}`;
  const failing = step.onError === 'stop' ? '' : `when it fails: ${typeof step.onError === 'string' ? step.onError : 'steps of its own'}`;
  const denied =
    step.onDenied === 'stop' ? '' : `when it is denied: ${typeof step.onDenied === 'string' ? step.onDenied : 'steps of its own'}`;
  if (step.kind === 'do') {
    const verb = own(VERBS, step.verb);
    const target = verb?.target === undefined ? undefined : step.with[verb.target];
    const on = target === undefined ? '' : ` on ${templateWords(target, plainName)}`;
    const title = `${verb?.title ?? step.verb}${on}${withinCall(step)}`;
    add(`do ${step.named ? step.id : title} ${step.verb}`, {
      about: verb?.risk === 'read' ? 'read' : 'effect',
      title,
      parts: {
        target: on.trim(),
        hold: verb?.risk === 'reversible' ? holdWords(step.hold) : '',
        approve: approveWords(step.approve),
        via: step.via === undefined ? '' : `by ${step.via}`,
        ...{ when, failing, denied },
      },
    });
  } else if (step.kind === 'ask') {
    const answers = step.form
      ? `a form: ${listWords(step.form.map(({ name }) => name))}`
      : listWords(step.choices ?? step.rows?.choices ?? [], 'or');
    const silence =
      typeof step.else === 'string'
        ? step.else
        : Object.entries(step.else)
            .map(([name, value]) => `${name}: ${templateWords(value, plainName)}`)
            .join(', ');
    add(`ask ${step.named ? step.id : templateWords(step.title, plainName)}`, {
      about: 'question',
      title: `question “${templateWords(step.title, plainName)}”${withinCall(step)}`,
      parts: {
        to: `to ${peopleWords(step.to, step.to.person ? templateWords(step.to.person, plainName) : '')}`,
        answers: `answered by ${answers}`,
        within: `within ${durationWords(step.withinMs)}`,
        silence: `silence means ${silence}`,
        when,
      },
    });
  } else if (step.kind === 'undo') {
    add(`undo ${step.scope === 'all' ? 'all' : step.scope.join(' ')}`, {
      about: 'undo',
      title: `undo of ${step.scope === 'all' ? 'everything' : listWords(step.scope)}`,
      parts: { when },
    });
  } else if ('approve' in step && step.approve) {
    add(`gate ${step.id}`, {
      about: 'approval',
      title: `one decision over ${step.id}`,
      parts: { approve: approveWords(step.approve), when },
    });
  }
}

/** Ids of a called playbook's steps begin with the call's and a dot; names in them are the called playbook's own. */
function withinCall({ id }: Step): string {
  const at = id.lastIndexOf('.');
  return at < 0 ? '' : `, in the call ${id.slice(0, at)}`;
}

function holdWords(hold: Hold | undefined): string {
  if (hold === undefined || 'until' in hold) return 'held until people release it';
  return `held for ${durationWords(hold.forMs)}, then ${hold.then === 'ask' ? 'people are asked' : 'released by itself'}`;
}

function approveWords(approve: Approve | undefined): string {
  if (!approve) return '';
  const who = peopleWords(approve.by, approve.by.person ? templateWords(approve.by.person, plainName) : '', approve.by.count);
  const unless = approve.unless === undefined ? '' : `, unless ${conditionWords(approve.unless, plainName)}`;
  return `approved by ${who} within ${durationWords(approve.withinMs)}${unless}`;
}
