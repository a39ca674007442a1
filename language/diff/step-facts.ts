// What one step does, as facts to compare: every member of it that the world can notice.

import { own } from '../own.ts';
import type { Approve, Escalation, Hold, People, Step, Template } from '../plan.ts';
import { VERBS } from '../verbs.ts';
import { conditionWords, templateWords } from '../words/expression-words.ts';
import { durationWords, listWords, peopleWords } from '../words/quantities.ts';
import { aroundPart, innersOf, plainName } from './around.ts';
import { type AddFact, type Fact, type Part, part } from './fact.ts';
import { callFacts } from './plan-facts.ts';
import { templateParts } from './template-parts.ts';

type Parts = Record<string, Part>;

/** Facts of the steps and of those in them, in the order in which they are written. */
export function stepFacts(steps: readonly Step[], around: readonly Part[], add: AddFact): void {
  for (const step of steps) {
    const { key, fact } = factOf(step);
    const isBare = fact.about === 'approval' && Object.values(fact.parts).every(({ words }) => words === '');
    // What only holds other steps together is told by those.
    if (!isBare) add(key, { ...fact, parts: { ...fact.parts, around: aroundPart(around) } });
    if (step.kind === 'call') callFacts(step, add);
    for (const inner of innersOf(step, fact.title)) stepFacts(inner.steps, [...around, ...inner.around], add);
  }
}

function factOf(step: Step): { readonly key: string; readonly fact: Fact } {
  const parts = baseParts(step);
  const call = withinCall(step);
  switch (step.kind) {
    case 'do': {
      const verb = own(VERBS, step.verb);
      const target = verb?.target === undefined ? undefined : own(step.with, verb.target);
      const title = `${verb?.title ?? step.verb}${target ? ` on ${templateWords(target, plainName)}` : ''}${call}`;
      return {
        key: `do ${step.named ? step.id : title} ${step.verb}`,
        fact: {
          about: verb?.risk === 'read' ? 'read' : 'effect',
          title,
          parts: {
            ...templateParts('with', step.with, verb?.target),
            ...(verb?.risk === 'reversible' || step.hold ? { hold: holdPart(step.hold) } : {}),
            ...approveParts(step.approve),
            ...(step.via === undefined ? {} : { via: part(`by ${step.via}`, step.via) }),
            ...(step.why === undefined ? {} : { why: part(`because ${templateWords(step.why, plainName)}`, step.why) }),
            ...(step.retry === undefined
              ? {}
              : { retry: part(`tried ${step.retry.attempts} ${step.retry.attempts === 1 ? 'time' : 'times'}`, step.retry) }),
            ...parts,
          },
        },
      };
    }
    case 'ask': {
      const { to, title, choices, form, rows, withinMs, remindMs } = step;
      const asked = templateWords(title, plainName);
      const answers = form ? `a form: ${listWords(form.map(({ name }) => name))}` : listWords(choices ?? rows?.choices ?? [], 'or');
      const each = rows ? ` for each of ${templateWords(rows.of, plainName)}` : '';
      return {
        key: `ask ${step.named ? step.id : asked}`,
        fact: {
          about: 'question',
          title: `question “${asked}”${call}`,
          parts: {
            title: part(`asked “${asked}”`, title),
            to: part(`to ${whom(to)}`, to),
            answers: part(`answered by ${answers}${each}`, { choices, form, rows }),
            within: part(`within ${durationWords(withinMs)}`, withinMs),
            ...remindParts(remindMs),
            silence: part(`silence means ${silenceWords(step.else)}`, step.else),
            ...parts,
          },
        },
      };
    }
    case 'undo': {
      const scope = step.scope === 'all' ? 'everything' : listWords(step.scope);
      const key = `undo ${step.scope === 'all' ? 'all' : step.scope.join(' ')}`;
      return { key, fact: { about: 'undo', title: `undo of ${scope}`, parts } };
    }
    case 'wait':
      return {
        key: `wait ${step.named ? step.id : ''}`,
        fact: { about: 'wait', title: `wait${nameOf(step)}${call}`, parts: { on: part(waitWords(step.on), step.on), ...parts } },
      };
    case 'set': {
      const names = Object.keys(step.vars);
      return {
        key: `set ${step.named ? step.id : names.toSorted().join(' ')}${call}`,
        fact: { about: 'variable', title: `set of ${listWords(names)}${call}`, parts: { ...templateParts('vars', step.vars), ...parts } },
      };
    }
    case 'stop': {
      const message = step.message === undefined ? {} : { message: part(`saying ${templateWords(step.message, plainName)}`, step.message) };
      return {
        key: `stop ${step.named ? step.id : step.outcome}`,
        fact: { about: 'end', title: `stop${call}`, parts: { outcome: part(`as ${step.outcome}`, step.outcome), ...message, ...parts } },
      };
    }
    case 'call':
      return {
        key: `call ${step.named ? step.id : step.playbook}`,
        fact: {
          about: 'step',
          title: `call of ${step.playbook}${nameOf(step)}`,
          parts: { playbook: part('', step.playbook), ...templateParts('with', step.with), ...parts },
        },
      };
    default: {
      const approve = 'approve' in step ? step.approve : undefined;
      const what = step.named ? step.id : `all of a ${step.kind}`;
      return {
        key: `gate ${step.kind} ${step.named ? step.id : ''}`,
        // The guard is told by the steps in it.
        fact: {
          about: 'approval',
          title: `one decision over ${what}${call}`,
          parts: { ...approveParts(approve), ...parts, when: part('', '') },
        },
      };
    }
  }
}

/** What every kind of step may say. */
function baseParts(step: Step): Parts {
  const { when, onError, onDenied, timeoutMs } = step;
  const follow = (what: string, next: Step['onError']): Part =>
    typeof next === 'string' ? part(next === 'stop' ? '' : `${what}: ${next}`, next) : part(`${what}: steps of its own`, 'steps');
  return {
    ...(when === undefined ? {} : { when: part(`only when ${conditionWords(when, plainName)}`, when) }),
    failing: follow('when it fails', onError),
    denied: follow('when it is denied', onDenied),
    ...(timeoutMs === undefined ? {} : { timeout: part(`given up after ${durationWords(timeoutMs)}`, timeoutMs) }),
    ...(step.default === undefined
      ? {}
      : { default: part(`its results when it is skipped or fails: ${JSON.stringify(step.default)}`, step.default) }),
  };
}

/** Ids of a called playbook's steps begin with the call's and a dot; names in them are the called playbook's own. */
function withinCall({ id }: Step): string {
  const at = id.lastIndexOf('.');
  return at < 0 ? '' : `, in the call ${id.slice(0, at)}`;
}

const nameOf = (step: Step): string => (step.named ? ` ${step.id}` : '');

const whom = (to: People, count?: number): string => peopleWords(to, to.person ? templateWords(to.person, plainName) : '', count);

const silenceWords = (silence: string | Readonly<Record<string, Template>>): string =>
  typeof silence === 'string' ? silence : templateWords({ map: silence }, plainName);

function waitWords(on: Extract<Step, { kind: 'wait' }>['on']): string {
  if ('forMs' in on) return `for ${durationWords(on.forMs)}`;
  if ('until' in on) return `until ${templateWords(on.until, plainName)}`;
  return `for the event ${on.event}, for at most ${durationWords(on.withinMs)}`;
}

function holdPart(hold: Hold | undefined): Part {
  if (hold === undefined || 'until' in hold) return part('held until people release it', { until: 'released' });
  return part(`held for ${durationWords(hold.forMs)}, then ${hold.then === 'ask' ? 'people are asked' : 'released by itself'}`, hold);
}

const remindParts = (remindMs: readonly number[]): Parts =>
  remindMs.length === 0 ? {} : { remind: part(`reminded after ${listWords(remindMs.map(durationWords))}`, remindMs) };

function approveParts(approve: Approve | undefined): Parts {
  if (!approve) return {};
  const { by, unless, withinMs, remindMs, escalate, escalateNext = [], ...rest } = approve;
  const exempt = unless === undefined ? '' : `, unless ${conditionWords(unless, plainName)}`;
  const others: readonly Escalation[] = [...(escalate ? [escalate] : []), ...escalateNext];
  const asked = others.map(({ afterMs, to }) => `${whom(to)} after ${durationWords(afterMs)}`);
  return {
    approve: part(`approved by ${whom(by, by.count)} within ${durationWords(withinMs)}${exempt}`, { by, unless, withinMs, rest }),
    ...remindParts(remindMs),
    ...(others.length === 0 ? {} : { escalate: part(`then asked of ${listWords(asked)}`, others) }),
  };
}
