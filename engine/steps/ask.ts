// ask: a question to people. Silence is the answer that the playbook wrote under `else`.
import type { AskStep } from '../../language/plan.ts';
import type { StepResult } from '../command.ts';
import { engineError } from '../errors.ts';
import { renderPeople, renderText } from '../render.ts';
import { failedWith, issue, takeAnswer } from '../settle.ts';
import type { StepKind } from './step-kind.ts';

export const askKind: StepKind<AskStep> = {
  advance(run, step, scope, key) {
    const answer = takeAnswer(run, key);
    if (answer) return hear(step, answer);
    if (run.open[key]) return undefined;
    const to = renderPeople(run, scope, step.to, 'ask.to');
    if (!to.ok) return failedWith(to.error);
    const title = renderText(run, scope, step.title, 'ask.title');
    if (!title.ok) return failedWith(title.error);
    const { choices, withinMs, remindMs } = step;
    issue(run, key, { kind: 'ask', key, id: step.id, to: to.value, title: title.value, choices, withinMs, remindMs, else: step.else });
    return undefined;
  },
};

function hear(step: AskStep, result: StepResult): StepResult {
  if (result.outcome === 'expired') return { ...result, outcome: 'answered', answer: step.else };
  if (result.outcome !== 'answered') return result;
  if (typeof result.answer === 'string' && step.choices.includes(result.answer)) return result;
  return failedWith(engineError('ANSWER_UNKNOWN', 'ask: the answer is none of the choices'));
}
