// The shape that every step kind has. To add one: a file here, a row in table.ts, its type in language/plan.ts.
import type { Step } from '../../language/plan.ts';
import type { PerformItem, StepResult } from '../command.ts';
import type { NotReady, Run, Scope } from '../run.ts';

export interface StepKind<S extends Step = Step> {
  /** The lists of steps that it holds, beside on_error and on_denied. Leave out where there are none. */
  readonly inside?: (step: S) => readonly (readonly Step[])[];
  /** Its lists run once for each turn, with results of their own that end with the turn. */
  readonly isLoop?: true;
  /** The results of its last turn stay, as if its steps had run once. */
  readonly keepsLastTurn?: true;
  /** What its result has even where it was skipped or could not begin. */
  readonly always?: () => Partial<StepResult>;
  /**
   * Goes on as far as possible. Called when the step is reached and again on each `next` until it ends; its frame is there from the
   * first call on. Gives its result when it has ended; undefined while something of it is open, or when it has ended the run.
   */
  readonly advance: (run: Run, step: S, scope: Scope, key: string) => StepResult | undefined;
  /**
   * The step stands under a gate that is about to be opened: decide now what would be decided later, and add what would be done to
   * `items`. Leave out where the step does nothing that a gate covers.
   */
  readonly freeze?: (run: Run, step: S, scope: Scope, items: PerformItem[]) => NotReady | undefined;
}
