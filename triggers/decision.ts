// What the triggers make of an alert: one decision for each playbook that was considered, always with its reason in words.
import type { Json, Plan } from '../language/plan.ts';

export interface Candidate {
  readonly playbook: string;
  readonly digest: string;
  readonly mode: string;
  readonly plan: Plan;
}

/** A run that has not ended and may be joined. */
export interface OpenRun {
  readonly runId: string;
  readonly playbook: string;
  readonly dedupeKey: string;
  /** Joinable before this instant, ms since 1970; absent: as long as it is open. */
  readonly untilMs?: number;
}

interface Considered {
  readonly playbook: string;
  readonly reason: string;
}

/** What a start needs; a join carries it too, for the case that the run to join has ended meanwhile. */
interface Startable extends Considered {
  readonly digest: string;
  readonly mode: string;
  readonly inputs: Readonly<Record<string, Json>>;
  readonly dedupeKey?: string;
  readonly dedupeWithinMs?: number;
}

export type Decision =
  | (Startable & { readonly kind: 'start' })
  | (Startable & { readonly kind: 'join'; readonly runId: string })
  /** The source says that it is over. `undo` and `ask` are about what runs with this key still hold; `runIds` are those that have not ended. */
  | (Considered & {
      readonly kind: 'resolved';
      readonly action: 'note' | 'ask' | 'undo';
      readonly dedupeKey?: string;
      readonly runIds: readonly string[];
    })
  | (Considered & { readonly kind: 'no_match' })
  /** It would have started, and cannot. The alert stays shown. */
  | (Considered & { readonly kind: 'error'; readonly code: 'TRIGGER_EXPRESSION' | 'TRIGGER_INPUTS' });
