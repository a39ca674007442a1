// The engine's face: plan + run state to what happens next. Pure: no clock, no Temporal, no I/O.
//
// Imports nothing but language/cel, language/template and language/verbs. A new step kind: steps/step-kind.ts says how.
//
//   begin(plan, given) -> state        begin.ts      a run that has done nothing yet
//   next(plan, state)  -> commands     next.ts       goes on as far as possible; call it after begin and after each apply
//   apply(state, event) -> state       apply.ts      what the world answered; an answer nobody waits for changes nothing
//   reissue(state) -> commands         reissue.ts    what is still open, after continue-as-new
//
// How a run ends, and what happens to what is under way (tests: test/engine/ends.test.ts):
// - A list is worked in order. A step that failed (or was denied) with `stop` ends its list, and the step that holds the list has failed
//   (was denied) too: its own on_error (on_denied) says what follows. At the top, the run ends: failed, or stopped with outcome `denied`.
// - on_error or on_denied with steps: these run in the place of the step; when they have ended well, the list goes on.
// - parallel all: a failed branch never stops the others; when all have ended, the first failure in the plan's order is the step's.
// - parallel any: the first branch that ends well wins; the others' open commands are cancelled and their ends awaited, and nothing of
//   theirs starts any more. Where none ends well it is as with all.
// - for_each is a parallel over items: a turn that failed or was denied stops no other; when all have ended, the first failure in the list's
//   order is the step's. A turn that has ended is only counted, and what it did can be undone all the same (by the loop's name).
// - repeat: a turn that fails ends it; when its whole time is over, the turn under way goes on to its end and may still make it true.
//   After it, the results of its last turn stand as if its steps had run once.
// - call: a run within the run. Its failure is the call's failure, its denial the call's denial; a stop ends it alone. Its on_error: undo and
//   on_failure: undo take back what it did itself, before the call has failed; an undo of the caller takes back what it did, too.
// - wait: an event that does not come in time has the outcome expired, which is for on_denied.
// - group: a failure inside ends the group; what was done before stays done, unless on_error: undo says otherwise. A gate that was
//   denied or expired makes the group denied, and nothing inside has run.
// - stop, on_error: undo and a cancelled run end the whole run at once: commands that were not given out yet are withdrawn, open ones are
//   cancelled and their ends awaited; only then is undone what is to be undone, and only then is the run finished. The first such reason
//   wins: a run that is ending because it failed still ends failed when a cancel arrives.
// - An undo that is under way is never cancelled. An undo in a parallel branch takes back what is active when it runs.
// - on_failure: undo takes back everything of this run when it ends failed; never when it was denied, stopped or cancelled.
import type { Json } from '../language/plan.ts';
import type { Command, Finish, RunFacts, StepResult } from './command.ts';
import type { Ending, Frame } from './frame.ts';
import type { Ended } from './run.ts';

/** Semantics of a run for its whole life; kept in its input. A change of meaning is a new number. */
export const ENGINE_VERSION = 1;

/** How often a read or effect is tried where the step has no `retry`, the first time included. */
export const DEFAULT_ATTEMPTS = 4;

export interface Given {
  readonly inputs: Readonly<Record<string, Json>>;
  /** Absent on a manual start. */
  readonly alert?: Readonly<Record<string, Json>>;
  readonly run: RunFacts;
}

/** Plain JSON, so that a run can continue as new at any point. Read it through the functions here only. */
export interface RunState {
  readonly version: number;
  readonly given: Given;
  readonly vars: Readonly<Record<string, Json>>;
  /** By key (step id, with `#i` within loops). Steps inside a container that ended without reaching them are `skipped`. */
  readonly results: Readonly<Record<string, StepResult>>;
  /** Commands that were given out and have not ended, by key. */
  readonly open: Readonly<Record<string, Command>>;
  /** What steps that are under way remember, by key. */
  readonly frames: Readonly<Record<string, Frame>>;
  /** Ends that `apply` took in and `next` has not used yet, by key. */
  readonly answers: Readonly<Record<string, StepResult>>;
  /** Open commands whose cancellation was given out. */
  readonly cancelling: readonly string[];
  /** Size of results and of loops' lists, characters of JSON. */
  readonly remembered?: number;
  /** Who asked to cancel the run. */
  readonly cancelledBy?: string;
  /** The run is ending; open commands are awaited. */
  readonly ending?: Ending;
  readonly finish?: Finish;
}

export interface Next {
  readonly state: RunState;
  /** Newly given out, in order; they are in `state.open` too (cancel: in `state.cancelling`). */
  readonly commands: readonly Command[];
  /** What has ended on the way, in order; of a loop's turns it is remembered nowhere else. */
  readonly ended: readonly Ended[];
  readonly finish?: Finish;
}
