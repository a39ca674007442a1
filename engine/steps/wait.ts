// wait: a time, an instant, or an event. The world keeps the time; the engine only says what is waited for.

import { parseMs } from '../../language/cel/functions/calendar.ts';
import type { WaitStep } from '../../language/plan.ts';
import type { Command } from '../command.ts';
import { engineError } from '../errors.ts';
import { type Rendered, renderText } from '../render.ts';
import type { Run, Scope } from '../run.ts';
import { failedWith, issue, takeAnswer } from '../settle.ts';
import type { StepKind } from './step-kind.ts';

export const waitKind: StepKind<WaitStep> = {
  advance(run, step, scope, key) {
    const answer = takeAnswer(run, key);
    if (answer) return answer;
    if (run.open[key]) return undefined;
    const on = waitedFor(run, step, scope);
    if (!on.ok) return failedWith(on.error);
    issue(run, key, { kind: 'wait', key, id: step.id, on: on.value });
    return undefined;
  },
};

function waitedFor(run: Run, step: WaitStep, scope: Scope): Rendered<Extract<Command, { readonly kind: 'wait' }>['on']> {
  const { on } = step;
  if (!('until' in on)) return { ok: true, value: on };
  const text = renderText(run, scope, on.until, 'wait.until');
  if (!text.ok) return text;
  const untilMs = parseMs(text.value);
  if (untilMs === undefined) {
    return { ok: false, error: engineError('INSTANT_INVALID', 'wait.until: is no instant such as 2026-05-04T08:00:00Z') };
  }
  return { ok: true, value: { untilMs } };
}
