// A run that has done nothing yet.
import type { Plan } from '../language/plan.ts';
import { ENGINE_VERSION, type Given, type RunState } from './engine.ts';

export function begin(plan: Plan, given: Given): RunState {
  return { version: ENGINE_VERSION, given, vars: plan.vars, results: {}, open: {}, frames: {}, answers: {}, cancelling: [] };
}
