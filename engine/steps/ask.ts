// ask: a question to people: choices, a form, or rows. Silence is the answer that the playbook wrote under `else`.
import { checkForm } from '../../language/form.ts';
import type { AskStep } from '../../language/plan.ts';
import { checkRows } from '../../language/rows.ts';
import { renderAsked } from '../asked.ts';
import type { Asked, StepResult } from '../command.ts';
import { engineError } from '../errors.ts';
import { renderPeople, renderText } from '../render.ts';
import type { Run } from '../run.ts';
import { failedWith, issue, setFrame, takeAnswer } from '../settle.ts';
import type { StepKind } from './step-kind.ts';

export const askKind: StepKind<AskStep> = {
  advance(run, step, scope, key) {
    const answer = takeAnswer(run, key);
    if (answer) return hear(askedOf(run, step, key), answer);
    if (run.open[key]) return undefined;
    const asked = renderAsked(run, scope, step);
    if (!asked.ok) return failedWith(asked.error);
    // Nobody is asked about nothing.
    if ('rows' in asked.value && asked.value.rows.items.length === 0) return { outcome: 'answered', rows: [] };
    const to = renderPeople(run, scope, step.to, 'ask.to');
    if (!to.ok) return failedWith(to.error);
    const title = renderText(run, scope, step.title, 'ask.title');
    if (!title.ok) return failedWith(title.error);
    const { withinMs, remindMs } = step;
    // Choices stand in the plan; what was rendered is kept, since an answer is an answer to exactly that.
    if (!('choices' in asked.value)) setFrame(run, key, { asked: asked.value });
    issue(run, key, { kind: 'ask', key, id: step.id, to: to.value, title: title.value, ...asked.value, withinMs, remindMs });
    return undefined;
  },
};

const askedOf = (run: Run, step: AskStep, key: string): Asked =>
  run.frames[key]?.asked ?? { choices: step.choices ?? [], else: String(step.else) };

function hear(asked: Asked, result: StepResult): StepResult {
  const isSilent = result.outcome === 'expired';
  if (!isSilent && result.outcome !== 'answered') return result;
  const { answer: given = null, ...rest } = result;
  if ('choices' in asked) {
    const answer = isSilent ? asked.else : given;
    return typeof answer === 'string' && (isSilent || asked.choices.includes(answer)) ? { ...rest, outcome: 'answered', answer } : UNKNOWN;
  }
  if ('form' in asked) {
    const checked = checkForm(asked.form, isSilent ? asked.else : given);
    return checked.ok ? { ...rest, outcome: 'answered', answer: checked.value } : UNKNOWN;
  }
  const { items } = asked.rows;
  const checked = checkRows(asked.rows, isSilent ? Object.fromEntries(items.map(({ id }) => [id, asked.else])) : given);
  if (!checked.ok) return UNKNOWN;
  return { ...rest, outcome: 'answered', rows: items.map(({ id, of }) => ({ of, answer: checked.value[id] ?? asked.else })) };
}

const UNKNOWN = failedWith(engineError('ANSWER_UNKNOWN', 'ask: the answer does not fit the question'));
