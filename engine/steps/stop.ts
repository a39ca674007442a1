// stop: the run ends here, with a word of the playbook's own. What it has contained stays contained.
import type { StopStep } from '../../language/plan.ts';
import { renderText } from '../render.ts';
import { endRun, failedWith } from '../settle.ts';
import type { StepKind } from './step-kind.ts';

export const stopKind: StepKind<StopStep> = {
  advance(run, step, scope) {
    const message = step.message === undefined ? undefined : renderText(run, scope, step.message, 'stop.message');
    if (message && !message.ok) return failedWith(message.error);
    endRun(run, scope, { state: 'stopped', outcome: step.outcome, ...(message ? { message: message.value } : {}) }, false);
    return { outcome: 'done' };
  },
};
