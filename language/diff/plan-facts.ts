// What a playbook says outside its steps, as facts to compare: starts, inputs, variables, results, its end.

import type { Callee, CallStep, Plan, Trigger } from '../plan.ts';
import { templateWords } from '../words/expression-words.ts';
import { triggerWords } from '../words/trigger-words.ts';
import { plainName } from './around.ts';
import { type AddFact, part } from './fact.ts';
import { templateParts } from './template-parts.ts';

export function planFacts(plan: Plan, add: AddFact): void {
  for (const trigger of plan.triggers) startFact(trigger, add);
  headFacts(plan, '', add);
  const { playbook, owner, labels } = plan;
  const labelled = Object.entries(labels).map(([name, values]) => `${name}: ${values.join(', ')}`);
  add('playbook', {
    about: 'playbook',
    title: 'playbook',
    parts: {
      name: part(`named ${playbook}`, playbook),
      owner: part(`owned by ${owner}`, owner),
      labels: part(labelled.length === 0 ? '' : `labelled ${labelled.join('; ')}`, labels),
    },
  });
}

/** What the called playbook says, as it was when the caller was checked. */
export const callFacts = ({ id, callee }: CallStep, add: AddFact): void => headFacts(callee, `, in the call ${id}`, add);

function headFacts({ inputs, vars, outputs = {}, onFailure }: Callee | Plan, call: string, add: AddFact): void {
  for (const [name, { type, list, optional, default: value }] of Object.entries(inputs))
    add(`input ${name}${call}`, {
      about: 'input',
      title: `input ${name}${call}`,
      parts: {
        type: part(typeWords(type, list), { type, list }),
        optional: part(optional ? 'may be missing' : 'must be given', optional),
        ...(value === undefined ? {} : { default: part(`otherwise ${JSON.stringify(value)}`, value) }),
      },
    });
  for (const [name, value] of Object.entries(vars))
    add(`variable ${name}${call}`, {
      about: 'variable',
      title: `variable ${name}${call}`,
      parts: { value: part(`at first ${JSON.stringify(value)}`, value) },
    });
  for (const [name, { type, list, optional, value }] of Object.entries(outputs))
    add(`output ${name}${call}`, {
      about: 'output',
      title: `result ${name}${call}`,
      parts: {
        type: part(typeWords(type, list), { type, list }),
        optional: part(optional ? 'may be missing' : 'always there', optional),
        value: part(templateWords(value, plainName), value),
      },
    });
  const then = onFailure === 'undo' ? 'everything is undone' : 'what is contained stays';
  add(`end${call}`, { about: 'end', title: `when the run fails${call}`, parts: { then: part(then, onFailure) } });
}

const typeWords = (type: string, list: boolean): string => `${list ? 'a list of ' : ''}${type}`;

/** One that starts on something else is another one. */
function startFact(trigger: Trigger, add: AddFact): void {
  const words = triggerWords(trigger, plainName);
  const dedupe = trigger.kind === 'alert' ? trigger.dedupe : undefined;
  const { with: filled, ...rest } = 'with' in trigger ? trigger : { ...trigger, with: {} };
  add(`start ${words}`, {
    about: 'start',
    title: words.replace(/\.$/, ''),
    parts: {
      ...templateParts('with', filled),
      ...(dedupe ? { dedupe: part(`one run for each ${templateWords(dedupe.by, plainName)}`, dedupe.by) } : {}),
      // The words of the title may leave out the end of a long condition.
      whole: part('', rest),
    },
  });
}
