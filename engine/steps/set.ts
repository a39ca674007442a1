// set: the only place where variables change. All values are rendered before the first is written.
import type { Json, SetStep } from '../../language/plan.ts';
import { renderValue } from '../render.ts';
import { failedWith, setFrame } from '../settle.ts';
import { varsFault } from '../size.ts';
import type { StepKind } from './step-kind.ts';

export const setKind: StepKind<SetStep> = {
  advance(run, step, scope) {
    const values: [string, Json][] = [];
    for (const [name, template] of Object.entries(step.vars)) {
      const rendered = renderValue(run, scope, template, `set.${name}`);
      if (!rendered.ok) return failedWith(rendered.error);
      values.push([name, rendered.value]);
    }
    const call = scope.call && run.frames[scope.call.key]?.call;
    const vars = { ...(call?.vars ?? run.vars), ...Object.fromEntries(values) };
    const fault = varsFault(vars);
    if (fault) return failedWith(fault);
    if (scope.call && call) setFrame(run, scope.call.key, { call: { ...call, vars } });
    else for (const [name, value] of values) run.vars[name] = value;
    return { outcome: 'done' };
  },
};
