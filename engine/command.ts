// What the engine asks of the world, and what the world answers. Both plain JSON; the Temporal driver and the simulator speak only this.
import type { Form } from '../language/form.ts';
import type { Outcome } from '../language/outcomes.ts';
import type { Hold, Json, People } from '../language/plan.ts';
import type { Rows } from '../language/rows.ts';

/** Closed set. failed, unverified, unknown: the step has failed · denied, expired: `on_denied` · the others: it has ended well. */
export type { Outcome };

export interface StepResult {
  readonly outcome: Outcome;
  /** The verb's outputs. Above a million characters a reference stands here instead. */
  readonly output?: Readonly<Record<string, Json>>;
  /** `step`: where it came from, on steps that hold others. */
  readonly error?: { readonly code: string; readonly message: string; readonly step?: string };
  readonly answer?: Json;
  /** Of a question with rows. */
  readonly rows?: readonly { readonly of: Json; readonly answer: string }[];
  /** Who answered or approved, as shown to people. */
  readonly by?: string;
  /** ISO 8601 UTC. */
  readonly at?: string;
  readonly counts?: Readonly<Record<string, number>>;
  /** On `skipped`: the step that holds it ended without coming here. Absent where its own guard was false. */
  readonly unreached?: true;
}

/** A playbook's own wish for an approval, rendered. Policy may ask for more, never for less. */
export interface ApproveWish {
  readonly by: RenderedPeople & { readonly count: number };
  readonly withinMs: number;
  readonly remindMs: readonly number[];
  readonly escalate?: RenderedEscalation;
  /** Those after it. */
  readonly escalateNext?: readonly RenderedEscalation[];
}

export interface RenderedEscalation {
  readonly afterMs: number;
  readonly to: RenderedPeople;
}

export type RenderedPeople = Omit<People, 'person'> & { readonly person?: string };

/** One effect or read, ready to be done. */
export interface PerformItem {
  /** Unique in the run: the step's id, with `#i` for each loop around it. Also the Temporal activity id. */
  readonly key: string;
  readonly id: string;
  readonly verb: string;
  readonly via?: string;
  readonly params: Readonly<Record<string, Json>>;
  readonly hold?: Hold;
  readonly why?: string;
}

/** What people are asked, rendered, and what silence means. */
export type Asked =
  | { readonly choices: readonly string[]; readonly else: string }
  | { readonly form: Form; readonly else: Readonly<Record<string, Json>> }
  | { readonly rows: Rows; readonly else: string };

export type Command =
  | {
      readonly kind: 'perform';
      readonly item: PerformItem;
      /** Absent: the playbook itself asks nobody. */
      readonly approve?: ApproveWish;
      /** Key of the group gate that covers it. */
      readonly gate?: string;
      readonly timeoutMs?: number;
      readonly attempts?: number;
    }
  | {
      readonly kind: 'gate';
      readonly key: string;
      readonly id: string;
      readonly approve: ApproveWish;
      readonly items: readonly PerformItem[];
    }
  | ({
      readonly kind: 'ask';
      readonly key: string;
      readonly id: string;
      readonly to: RenderedPeople;
      readonly title: string;
      readonly withinMs: number;
      readonly remindMs: readonly number[];
    } & Asked)
  | {
      readonly kind: 'wait';
      readonly key: string;
      readonly id: string;
      /** An instant is in ms since 1970, UTC. An event that does not come in time: `expired`. */
      readonly on: { readonly forMs: number } | { readonly untilMs: number } | { readonly event: string; readonly withinMs: number };
      /** A timer of the engine's own, for a loop of this id: for all of it, or between two turns. */
      readonly own?: 'whole' | 'rest';
    }
  /** Undo the run's own active effects, last first; the keys narrow it to these steps' effects (`purge#*`: of every turn). */
  | { readonly kind: 'undo'; readonly key: string; readonly id: string; readonly steps: 'all' | readonly string[] }
  /** The engine no longer wants it (a sibling won, the run was cancelled); its end must still be reported. */
  | { readonly kind: 'cancel'; readonly key: string };

/** What the world answers. `key` is that of the command. */
export type Event =
  | { readonly kind: 'ended'; readonly key: string; readonly result: StepResult }
  | { readonly kind: 'cancel-requested'; readonly by: string };

export interface Finish {
  readonly state: 'completed' | 'failed' | 'cancelled' | 'stopped';
  /** A `stop`'s own word, `denied` where a denial ended the run, else the state. */
  readonly outcome: string;
  /** A `stop`'s message, or who cancelled. */
  readonly message?: string;
  readonly error?: { readonly code: string; readonly message: string; readonly step?: string };
}

/** What a run knows about itself; root `run` of expressions. */
export interface RunFacts {
  readonly id: string;
  readonly playbook: string;
  readonly severity: string;
  readonly severity_id: number;
  readonly incident: string;
  /** Address of the run in the console. */
  readonly url: string;
  readonly started_at: string;
}
