// do: one read or effect. It is rendered once; under a gate, what was rendered for the people who decided is what is done.
import { placedStep } from '../../language/approve-over.ts';
import type { DoStep } from '../../language/plan.ts';
import type { ApproveWish, PerformItem } from '../command.ts';
import { hearDenied } from '../gate.ts';
import { renderItem } from '../params.ts';
import { isSpared, type Rendered, renderApprove } from '../render.ts';
import type { Run, Scope } from '../run.ts';
import { failedWith, issue, setFrame, takeAnswer } from '../settle.ts';
import type { StepKind } from './step-kind.ts';

export const doKind: StepKind<DoStep> = {
  advance(run, step, scope, key) {
    const answer = takeAnswer(run, key);
    if (answer) hearDenied(run, scope, answer);
    if (answer) return answer;
    if (run.open[key]) return undefined;
    const frozen = run.frames[key]?.item;
    const item = frozen ? { ok: true as const, value: frozen } : renderItem(run, step, scope);
    if (!item.ok) return failedWith(item.error);
    const gate = frozen ? scope.cover?.gate : undefined;
    const wish = gate === undefined ? wishFor(run, step, scope) : { ok: true as const, value: undefined };
    if (!wish.ok) return failedWith(wish.error);
    giveOut(run, step, item.value, wish.value, gate);
    return undefined;
  },
  freeze(run, step, scope, items) {
    const item = renderItem(run, step, scope);
    if (!item.ok) return { error: { ...item.error, step: step.id }, undo: step.onError === 'undo' };
    setFrame(run, item.value.key, { item: item.value });
    items.push(item.value);
    return undefined;
  },
};

/** The step's own approval; else, for a change that the decision around it has not seen (a follow-up of a failure), the same people again. */
function wishFor(run: Run, step: DoStep, scope: Scope): Rendered<ApproveWish | undefined> {
  if (step.approve) return isSpared(run, scope, step.approve) ? NOBODY : renderApprove(run, scope, step.approve);
  return scope.cover && placedStep(run.plan.steps, step.id)?.over ? { ok: true, value: scope.cover.approve } : NOBODY;
}

const NOBODY = { ok: true, value: undefined } as const;

function giveOut(run: Run, step: DoStep, item: PerformItem, approve: ApproveWish | undefined, gate: string | undefined): void {
  issue(run, item.key, {
    kind: 'perform',
    item,
    ...(approve === undefined ? {} : { approve }),
    ...(gate === undefined ? {} : { gate }),
    ...(step.timeoutMs === undefined ? {} : { timeoutMs: step.timeoutMs }),
    ...(step.retry === undefined ? {} : { attempts: step.retry.attempts }),
  });
}
