// What a run remembers between two calls of `next`, beside results and open commands. Plain JSON.
import type { Json } from '../language/plan.ts';
import type { ApproveWish, Asked, Finish, PerformItem, StepResult } from './command.ts';

/** A step that was entered (its guard was true) and has not ended. Each kind uses its own members. */
export interface Frame {
  /** if: the list that was chosen. Decided once. */
  readonly chosen?: 'then' | 'else';
  /** switch: the list that was chosen, from 0; -1 is else. Decided once. */
  readonly way?: number;
  /** for_each: how far it has come. */
  readonly loop?: LoopFrame;
  /** call: the called playbook's own. */
  readonly call?: CallFrame;
  /** repeat: how far it has come. */
  readonly repeat?: RepeatFrame;
  /** parallel any: index of the branch that won; the others are winding down. */
  readonly winner?: number;
  /** ask: the form or the rows as people see them. */
  readonly asked?: Asked;
  /** group, parallel: how its one decision stands. */
  readonly gate?: GateFrame;
  /** do under a gate: exactly what was shown to the people who decided; this is what is done, whatever changed since. */
  readonly item?: PerformItem;
}

export interface CallFrame {
  /** Every declared input has its value. */
  readonly inputs: Readonly<Record<string, Json>>;
  readonly vars: Readonly<Record<string, Json>>;
  /** It is ending; what is open in it is awaited. */
  readonly ending?: Ending;
}

export interface RepeatFrame {
  /** From 0. */
  readonly turn: number;
  /** Its whole time is over; the turn under way goes on to its end. */
  readonly over: boolean;
  /** Between this turn and the next. */
  readonly resting: boolean;
  /** It has ended with this; its timers are awaited. */
  readonly ending?: StepResult;
}

/** Turns that have ended are only counted: what a loop of ten thousand keeps is what a loop of ten keeps. */
export interface LoopFrame {
  /** Where the list stands, where it is a step's output or an input as it is; else the list itself. */
  readonly list: { readonly root: 'steps' | 'inputs'; readonly path: readonly string[] } | { readonly values: readonly Json[] };
  /** The first turn that has not begun. */
  readonly next: number;
  /** Turns under way. */
  readonly live: readonly number[];
  readonly counts: Readonly<Record<string, number>>;
  /** The first of the list that did not end well. */
  readonly left: readonly LeftItem[];
  /** The first of the list that failed, and the first that was denied. */
  readonly failed?: BadTurn;
  readonly denied?: BadTurn;
}

export interface LeftItem {
  readonly index: number;
  readonly of: Json;
  readonly outcome: string;
  readonly error: string;
}

interface BadTurn {
  readonly index: number;
  readonly error: { readonly code: string; readonly message: string };
  readonly step: string;
}

/** spared: `unless` was true · empty: there was nothing to ask about. `approve` still holds for effects that nobody has seen yet. */
type GateFrame =
  | { readonly state: 'spared' }
  | { readonly state: 'asked' | 'empty'; readonly approve: ApproveWish }
  | { readonly state: 'granted'; readonly approve: ApproveWish; readonly by?: string; readonly at?: string }
  /** Denied after it was granted, before anything under it had begun. */
  | { readonly state: 'denied'; readonly result: StepResult };

/** Why and how the run ends. */
export interface Ending {
  readonly finish: Finish;
  /** Take back all effects of this run before it finishes. */
  readonly undo: boolean;
}
