// Keys name one execution of a step: its id, then `#i` for each loop around it, outermost first (`purge#0#3`).
// Ids hold neither `#` nor `/`, so keys of steps never meet keys of the run itself.
import type { Step } from '../language/plan.ts';

/** The undo that ends a run (on_failure: undo, on_error: undo). */
export const RUN_UNDO = 'run/undo';

/** `suffix` is '' outside loops. */
export const keyOf = (id: string, suffix: string): string => id + suffix;

export const idOf = (key: string): string => {
  const at = key.indexOf('#');
  return at < 0 ? key : key.slice(0, at);
};

export const suffixOf = (key: string): string => {
  const at = key.indexOf('#');
  return at < 0 ? '' : key.slice(at);
};

/** Is `inner` this very place, or within more loops of it? `#1` encloses `#1#0`, but not `#10`. */
export const encloses = (outer: string, inner: string): boolean => inner === outer || inner.startsWith(`${outer}#`);

/** A timer of the engine's own: it has no result that anybody reads. */
export const timerKey = (key: string, name: string): string => `${key}#${name}~`;
export const isTimer = (key: string): boolean => key.endsWith('~');

/** Stands for every turn of the loops around a step: `purge#*`. Only an undo names what it means so. */
export const anyTurn = (key: string): string => `${key}#*`;

/** Is this key one of those meant? */
export const isMeant = (meant: readonly string[], key: string): boolean =>
  meant.some((one) => (one.endsWith('#*') ? key.startsWith(one.slice(0, -1)) : one === key));

/** The step's follow-up lists: on_error and on_denied where they are steps. */
export const followUps = (step: Step): readonly (readonly Step[])[] =>
  [step.onError, step.onDenied].filter((then): then is readonly Step[] => typeof then !== 'string');
