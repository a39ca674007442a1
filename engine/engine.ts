// The engine's face: plan + run state to what happens next. Pure: no clock, no Temporal, no I/O.
import type { Json, Plan } from '../language/plan.ts';
import type { Command, Event, Finish, RunFacts, StepResult } from './command.ts';

/** Semantics of a run for its whole life; kept in its input. A change of meaning is a new number. */
export const ENGINE_VERSION = 1;

export interface Given {
  readonly inputs: Readonly<Record<string, Json>>;
  /** Absent on a manual start. */
  readonly alert?: Readonly<Record<string, Json>>;
  readonly run: RunFacts;
}

/** Plain JSON, so that a run can continue as new at any quiet point. Read it through the functions here only. */
export interface RunState {
  readonly version: number;
  readonly given: Given;
  readonly vars: Readonly<Record<string, Json>>;
  /** By key (step id, with `#i` within loops). */
  readonly results: Readonly<Record<string, StepResult>>;
  /** Commands that were given out and have not ended, by key. */
  readonly open: Readonly<Record<string, Command>>;
  readonly finish?: Finish;
}
