// Calls of other playbooks: that their inputs are filled with what fits, and that what they do may be done where they stand.
import { NO_CALLEE } from '../callee.ts';
import { didYouMean } from '../nearest.ts';
import { own } from '../own.ts';
import type { CallStep, Output, Step } from '../plan.ts';
import type { Report } from '../report.ts';
import type { Written } from '../steps/read-steps.ts';
import type { Path } from '../yaml-text.ts';
import { checkGiven, type Declared } from './given.ts';
import { approveOf, calledSteps, everyStep, followUpsOf, isLoop, listsOf } from './step-facts.ts';

interface Context {
  readonly report: Report;
  readonly written: ReadonlyMap<Step, Written>;
}

export function checkCalls(context: Context, steps: readonly Step[], inside: 'loop' | 'gate' | undefined = undefined): void {
  for (const step of steps) {
    if (step.kind === 'call') checkCall(context, step, inside);
    const next = inside ?? (isLoop(step) ? 'loop' : approveOf(step) ? 'gate' : undefined);
    for (const list of listsOf(step)) checkCalls(context, list, next);
    // These begin when the step itself is over.
    for (const list of followUpsOf(step)) checkCalls(context, list, inside);
  }
}

function checkCall({ report, written }: Context, step: CallStep, inside: 'loop' | 'gate' | undefined): void {
  const path: Path = written.get(step)?.path ?? [];
  // That it cannot be called was told.
  if (step.callee === NO_CALLEE) return;
  const called = [...everyStep(calledSteps(step))];
  const asks = called.find((one) => approveOf(one));
  if (inside && asks) {
    const code = inside === 'loop' ? 'APPROVE_IN_LOOP' : 'APPROVE_NESTED';
    report(code, [...path, 'call'], `\`${step.playbook}\` asks for approvals of its own (line ${asks.line})`);
  }
  const apart = called.find((one) => ['ask', 'set', 'undo', 'stop', 'wait', 'repeat'].includes(one.kind));
  if (inside === 'gate' && apart)
    report(
      'APPROVE_CONTENT',
      [...path, 'call'],
      `\`${step.playbook}\` has \`${apart.kind}\` (line ${apart.line}), which one decision cannot cover`,
    );
}

/** `asked`: inputs that a guard around has asked for. */
export function checkCallInputs(context: Context & Declared, step: CallStep, asked: ReadonlySet<string>): void {
  // That it cannot be called was told.
  if (step.callee === NO_CALLEE) return;
  const { report } = context;
  const { inputs } = step.callee;
  const path: Path = context.written.get(step)?.path ?? [];
  for (const [name, value] of Object.entries(step.with)) {
    const at = [...path, 'with', name];
    const input = own(inputs, name);
    const isNeeded = input !== undefined && !input.optional && input.default === undefined;
    if (input) checkGiven(context, at, { name, type: input.type, list: input.list, isNeeded, by: step.playbook }, value, asked);
    else
      report('INPUT_UNKNOWN', at, `\`${step.playbook}\` has no input \`${name}\``, {
        part: 'key',
        hint: () => didYouMean(name, Object.keys(inputs)),
      });
  }
  for (const [name, input] of Object.entries(inputs)) {
    if (input.optional || input.default !== undefined || Object.hasOwn(step.with, name)) continue;
    report('INPUT_MISSING', [...path, 'call'], `\`${step.playbook}\` needs the input \`${name}\``, { hint: `with: { ${name}: … }` });
  }
}

/** What it gives to who calls it. */
export function checkOutputs(context: Declared, outputs: Readonly<Record<string, Output>>): void {
  // That nothing is there is known in the run.
  for (const [name, { type, list, value }] of Object.entries(outputs))
    checkGiven(context, ['outputs', name, 'value'], { name, type, list, isNeeded: false, by: 'the playbook' }, value, new Set());
}
