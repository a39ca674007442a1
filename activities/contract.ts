// What a run may ask of the outside: types and names only, so that either side can be read, faked or replaced alone.
import type { ApproveWish, Asked, Finish, PerformItem, RenderedPeople, StepResult } from '../engine/command.ts';

export interface PerformInput {
  readonly runId: string;
  readonly item: PerformItem;
  /** Absent: the playbook asks nobody (it has no `approve`, or its `unless` was true). Policy is asked all the same. */
  readonly approve?: ApproveWish;
  /** Key of the group gate that covers this effect. */
  readonly gate?: string;
  /** Ledger entry to take back instead of doing the item. */
  readonly undo?: string;
  /** It is wanted no more, and was sent before: nothing is sent again, only its end is found out. */
  readonly settle?: true;
  /** Attempts of the remote lane before a failure that may pass counts as final. */
  readonly attempts: number;
  /** local: within the workflow task, short; remote: an ordinary activity. */
  readonly lane: 'local' | 'remote';
}

/** Waiting is an answer, not a failure. The workflow sleeps until a wake or `remainingMs`, then asks again. */
export type Waiting = {
  readonly kind: 'wait';
  readonly on: 'approval' | 'question' | 'lock' | 'lease' | 'freeze' | 'outage' | 'place' | 'settle' | 'event';
  /** How long at the most, ms, by the store's clock. */
  readonly remainingMs: number;
  readonly approvalId?: string;
  /** In words, for Temporal's own UI. */
  readonly detail: string;
};

export type PerformAnswer =
  | { readonly kind: 'ended'; readonly result: StepResult }
  | Waiting
  /** Local lane only: it may work later; the remote lane takes over under the same key. */
  | {
      readonly kind: 'retry';
      readonly afterMs: number;
      readonly code: string;
      readonly message: string;
      /** It was refused, and read: at that moment it was not in force. */
      readonly looked?: true;
    };

export interface GateInput {
  readonly runId: string;
  readonly key: string;
  readonly id: string;
  readonly approve: ApproveWish;
  readonly items: readonly PerformItem[];
}

export type AskInput = {
  readonly runId: string;
  readonly key: string;
  readonly id: string;
  readonly to: RenderedPeople;
  readonly title: string;
  readonly withinMs: number;
  readonly remindMs: readonly number[];
} & Asked;

export type GateAnswer = { readonly kind: 'ended'; readonly result: StepResult } | Waiting;

export interface PauseInput {
  readonly runId: string;
  readonly key: string;
  readonly id: string;
  readonly forMs: number;
}

export interface EventWaitInput {
  readonly runId: string;
  readonly key: string;
  readonly id: string;
  readonly event: string;
  readonly withinMs: number;
}

export interface WithdrawInput {
  readonly runId: string;
  readonly key: string;
  readonly id: string;
  /** Absent: `do`, from a run of before it was told. */
  readonly kind?: 'do' | 'undo' | 'gate' | 'ask' | 'wait';
}

export interface UndoListInput {
  readonly runId: string;
  readonly steps: 'all' | readonly string[];
}

/** Last effect first. `hold` is the ledger entry's id. */
export interface UndoEntry {
  readonly hold: string;
  readonly item: PerformItem;
}

export interface EndInput {
  readonly runId: string;
  readonly finish: Finish;
  /** Outcome of every step that was reached, by key. */
  readonly outcomes: Readonly<Record<string, string>>;
}

/** Two lanes, one code: `perform` runs as a local activity first, then as an ordinary one under the same key. */
export interface Activities {
  perform(input: PerformInput): Promise<PerformAnswer>;
  gate(input: GateInput): Promise<GateAnswer>;
  ask(input: AskInput): Promise<GateAnswer>;
  /** A wait for a time begins: it is shown, and when it is long the run's working place is for others. */
  pause(input: PauseInput): Promise<void>;
  /** It is over. */
  resume(input: Omit<PauseInput, 'forMs'>): Promise<void>;
  /** Has the event come, or its time run out? The store decides. */
  awaitEvent(input: EventWaitInput): Promise<GateAnswer>;
  /** A schedule has come round, for this time (ISO 8601). */
  tick(input: { readonly scheduleId: string; readonly at: string }): Promise<void>;
  listUndo(input: UndoListInput): Promise<readonly UndoEntry[]>;
  /** `{ plan, alert }` as JSON text in pieces below 1 MiB, where they were too large for the run's input. */
  loadPlan(input: {
    readonly runId: string;
    readonly digest: string;
    readonly piece: number;
  }): Promise<{ readonly text: string; readonly pieces: number }>;
  endRun(input: EndInput): Promise<void>;
  /** The step is no longer wanted: its approval is withdrawn, its record ends as cancelled. `intent`: it was sent and not answered, and is still open. */
  withdraw(input: WithdrawInput): Promise<{ readonly intent: boolean }>;
  /** Announces continue-as-new, so that the next Temporal run may bind. */
  announceContinue(input: { readonly runId: string }): Promise<void>;
}
