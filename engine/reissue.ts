// After continue-as-new nothing is under way any more: what is open is given out again, under the same keys.
import type { Command } from './command.ts';
import type { RunState } from './engine.ts';

/** In the order in which they were first given out; cancellations last. */
export function reissue(state: RunState): readonly Command[] {
  if (state.finish) return [];
  const cancels = state.cancelling.map((key): Command => ({ kind: 'cancel', key }));
  return [...Object.values(state.open), ...cancels];
}
