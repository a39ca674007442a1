// call: another playbook's steps within this run. It is a run within the run: it sees its own inputs, steps and variables, ends by itself, and
// its own stop, on_error: undo and on_failure end and undo it alone.
import { checkInput, checkInputs } from '../../language/inputs.ts';
import type { CallStep, Json } from '../../language/plan.ts';
import type { StepResult } from '../command.ts';
import { endingOf } from '../ending.ts';
import { engineError, type StepError } from '../errors.ts';
import type { CallFrame, Ending } from '../frame.ts';
import { freezeList } from '../gate.ts';
import { keyOf, timerKey } from '../keys.ts';
import { type Rendered, renderValue } from '../render.ts';
import type { Run, Scope } from '../run.ts';
import { endRun, failedWith, idsInside, issue, keepAnswers, keysWithin, setFrame, takeAnswer, withdraw } from '../settle.ts';
import { varsFault } from '../size.ts';
import { effectKeys } from '../undo-keys.ts';
import { walk } from '../walk.ts';
import type { StepKind } from './step-kind.ts';

export const callKind: StepKind<CallStep> = {
  inside: (step) => [step.callee.steps],
  advance(run, step, scope, key) {
    const begun = begin(run, step, scope, key);
    if (!begun.ok) return failedWith(begun.error);
    const inner = innerScope(step, scope, key);
    if (!run.frames[key]?.call?.ending) {
      const progress = walk(run, step.callee.steps, inner);
      if (run.ending) return undefined;
      if (progress.at !== 'open') {
        const ending = endingOf(progress, step.callee.onFailure);
        endRun(run, inner, ending.finish, ending.undo);
      }
    }
    const ending = run.frames[key]?.call?.ending;
    return ending && windDown(run, step, scope, key, ending);
  },
  freeze(run, step, scope, items) {
    const key = keyOf(step.id, scope.suffix);
    const begun = begin(run, step, scope, key);
    if (!begun.ok) return { error: { ...begun.error, step: step.id }, undo: step.onError === 'undo' };
    return freezeList(run, step.callee.steps, innerScope(step, scope, key), items);
  },
};

// A loop's variable of the caller is not known inside; what people have decided around the call holds inside too.
const innerScope = (step: CallStep, scope: Scope, key: string): Scope => ({ ...scope, bindings: {}, call: { key, prefix: `${step.id}.` } });

/** The inputs are rendered and checked once, when the call is reached. */
function begin(run: Run, step: CallStep, scope: Scope, key: string): Rendered<CallFrame> {
  const known = run.frames[key]?.call;
  if (known) return { ok: true, value: known };
  const given: [string, Json][] = [];
  for (const [name, template] of Object.entries(step.with)) {
    const rendered = renderValue(run, scope, template, `with.${name}`);
    if (!rendered.ok) return rendered;
    given.push([name, rendered.value]);
  }
  const checked = checkInputs(step.callee.inputs, Object.fromEntries(given));
  if (!checked.ok) {
    const [fault] = checked.faults;
    return { ok: false, error: engineError('CALL_INPUT', `with.${fault?.input ?? ''}: ${fault?.message ?? 'does not fit'}`) };
  }
  const tooLarge = varsFault({ inputs: checked.inputs, vars: step.callee.vars });
  if (tooLarge) return { ok: false, error: tooLarge };
  const call: CallFrame = { inputs: checked.inputs, vars: step.callee.vars };
  setFrame(run, key, { call });
  return { ok: true, value: call };
}

/** What is under way in it is withdrawn and awaited, then undone what is to be undone; then it has ended. */
function windDown(run: Run, step: CallStep, scope: Scope, key: string, ending: Ending): StepResult | undefined {
  const undoKey = timerKey(key, 'undo');
  const { open, answered } = keysWithin(run, step.callee.steps, scope);
  keepAnswers(run, answered);
  for (const one of open) withdraw(run, one);
  if (open.some((one) => run.open[one])) return undefined;
  const undone = takeAnswer(run, undoKey);
  if (run.open[undoKey]) return undefined;
  const effects = ending.undo && !undone ? effectKeys(run, step.id, idsInside(run, step), scope) : [];
  if (effects.length > 0) {
    issue(run, undoKey, { kind: 'undo', key: undoKey, id: step.id, steps: effects });
    return undefined;
  }
  return endOf(run, step, innerScope(step, scope, key), ending);
}

function endOf(run: Run, step: CallStep, inner: Scope, { finish }: Ending): StepResult {
  const { state, outcome, error } = finish;
  if (state === 'failed' || outcome === 'denied') {
    return { outcome: state === 'failed' ? 'failed' : 'denied', ...(error ? { error } : {}), output: { ended: outcome } };
  }
  const output: [string, Json][] = [['ended', outcome]];
  for (const [name, declared] of Object.entries(step.callee.outputs)) {
    const rendered = renderValue(run, inner, declared.value, `outputs.${name}`);
    const value = rendered.ok ? rendered.value : null;
    const fault: StepError | undefined = declared.optional && value === null ? undefined : faultOf(name, rendered, declared);
    if (fault) return failedWith(fault);
    output.push([name, value]);
  }
  return { outcome: 'done', output: Object.fromEntries(output) };
}

function faultOf(
  name: string,
  rendered: Rendered<Json>,
  declared: { readonly type: string; readonly list: boolean },
): StepError | undefined {
  if (!rendered.ok) return rendered.error;
  const message = checkInput(declared, rendered.value);
  return message === undefined ? undefined : engineError('CALL_OUTPUT', `outputs.${name}: ${message}`);
}
