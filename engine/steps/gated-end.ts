// Whoever granted the one decision stays named on the result of the step that asked for it.
import type { StepResult } from '../command.ts';
import type { Run } from '../run.ts';

export function gatedEnd(run: Run, key: string, result: StepResult): StepResult {
  const gate = run.frames[key]?.gate;
  if (gate?.state !== 'granted') return result;
  return { ...result, ...(gate.by === undefined ? {} : { by: gate.by }), ...(gate.at === undefined ? {} : { at: gate.at }) };
}
