// Takes in what the world answered. Nothing is decided here; `next` does that.
import type { Event } from './command.ts';
import type { RunState } from './engine.ts';

/** An end that nobody waits for (a second answer, a late one) changes nothing, and the very same state comes back. */
export function apply(state: RunState, event: Event): RunState {
  if (state.finish) return state;
  if (event.kind === 'cancel-requested') return state.cancelledBy === undefined ? { ...state, cancelledBy: event.by } : state;
  const { key, result } = event;
  if (!Object.hasOwn(state.open, key)) return state;
  const { [key]: _ended, ...open } = state.open;
  const cancelling = state.cancelling.filter((one) => one !== key);
  return { ...state, open, cancelling, answers: { ...state.answers, [key]: result } };
}
