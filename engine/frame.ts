// What a run remembers between two calls of `next`, beside results and open commands. Plain JSON.
import type { ApproveWish, Finish, PerformItem } from './command.ts';

/** A step that was entered (its guard was true) and has not ended. Each kind uses its own members. */
export interface Frame {
  /** if: the list that was chosen. Decided once. */
  readonly chosen?: 'then' | 'else';
  /** parallel any: index of the branch that won; the others are winding down. */
  readonly winner?: number;
  /** group, parallel: how its one decision stands. */
  readonly gate?: GateFrame;
  /** do under a gate: exactly what was shown to the people who decided; this is what is done, whatever changed since. */
  readonly item?: PerformItem;
}

/** spared: `unless` was true · empty: there was nothing to ask about. `approve` still holds for effects that nobody has seen yet. */
type GateFrame =
  | { readonly state: 'spared' }
  | { readonly state: 'asked' | 'empty'; readonly approve: ApproveWish }
  | { readonly state: 'granted'; readonly approve: ApproveWish; readonly by?: string; readonly at?: string };

/** Why and how the run ends. */
export interface Ending {
  readonly finish: Finish;
  /** Take back all effects of this run before it finishes. */
  readonly undo: boolean;
}
