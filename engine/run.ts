// The working copy of a run during one call of `next`, and what step kinds may do with it. It never outlives the call.
import type { Json, Plan, Step } from '../language/plan.ts';
import type { ApproveWish, Command, StepResult } from './command.ts';
import type { Given } from './engine.ts';
import type { StepError } from './errors.ts';
import type { Ending, Frame } from './frame.ts';
import type { StepKind } from './steps/step-kind.ts';

/** Where a step stands. */
export interface Scope {
  /** `#i` for each loop around it. */
  readonly suffix: string;
  /** The loops' own variables, roots of expressions. */
  readonly bindings: Readonly<Record<string, Json>>;
  /** The called playbook that it is a part of: key of the call, and what ids in there begin with. */
  readonly call?: { readonly key: string; readonly prefix: string };
  /** The one decision that was made about everything in here. `gate` is absent where nothing had to be asked at that time. */
  readonly cover?: { readonly approve: ApproveWish; readonly gate?: string };
}

/** How far a list has come. open: something of it is under way (or the run is ending). */
export type Progress =
  | { readonly at: 'open' }
  | { readonly at: 'well' }
  | { readonly at: 'failed' | 'denied'; readonly error: StepError; readonly step: string };

/** A step that cannot be made ready for its gate. undo: it says on_error: undo. */
export interface NotReady {
  readonly error: StepError;
  readonly undo: boolean;
}

/** A result as it was recorded; of a turn of a loop it may be gone already. */
export interface Ended {
  readonly key: string;
  readonly id: string;
  readonly result: StepResult;
}

export interface Run {
  readonly plan: Plan;
  readonly given: Given;
  readonly vars: Record<string, Json>;
  readonly results: Record<string, StepResult>;
  readonly open: Record<string, Command>;
  readonly frames: Record<string, Frame>;
  readonly answers: Record<string, StepResult>;
  readonly cancelling: Set<string>;
  readonly commands: Command[];
  /** Size of results and lists, characters of JSON. */
  remembered: number;
  /** What has ended during this call, in order. */
  readonly ended: Ended[];
  ending: Ending | undefined;
  readonly kindOf: (step: Step) => StepKind;
}
