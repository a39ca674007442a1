// What a simulation is given and what it gives. Plain JSON, so that the console can show it and the command can print it.
import type { Json } from '../../language/plan.ts';
import type { ScenarioAct, ScenarioAnswer, ScenarioState } from '../../language/scenario.ts';
import type { ApproveWish, Finish, PerformItem, RenderedPeople, StepResult } from '../command.ts';
import type { Effect } from './effect.ts';

/** The world of one run. */
export interface Script {
  /** By step id or verb; the step's own wins. */
  readonly answers: Readonly<Record<string, ScenarioAnswer>>;
  readonly people: readonly ScenarioAct[];
  /** What is so at the start. */
  readonly already?: readonly ScenarioState[];
  /** What is known of this very effect or read; asked before `answers`. */
  readonly recorded?: (item: PerformItem) => ScenarioAnswer | undefined;
  /** Whoever is asked for an approval that `people` says nothing of gives it at once, as many as are needed. Questions stay with `people`. */
  readonly areWilling?: boolean;
}

/** What policy says of one effect, and by which rule. */
export interface PolicyReason {
  readonly effect: 'allow' | 'ask' | 'deny';
  readonly rule: string;
  readonly reason: string;
}

/** Policy's word. `approve` asks people first; absent, nobody is asked. */
export type PolicyWord =
  | { readonly kind: 'allow'; readonly approve?: ApproveWish; readonly policy?: PolicyReason }
  | { readonly kind: 'deny'; readonly code: string; readonly message: string; readonly policy?: PolicyReason };

/** Policy, as far as a simulated world asks it. Without one, what the playbook itself asks for counts. */
export interface Judge {
  /** `wish`: what the playbook asks for. `isCovered`: a decision around it was granted, which had asked for what policy wants of this effect. */
  readonly effect: (item: PerformItem, wish: ApproveWish | undefined, isCovered: boolean) => PolicyWord;
  /** One decision over all of these. */
  readonly gate: (items: readonly PerformItem[], wish: ApproveWish) => PolicyWord;
}

type Asking = RenderedPeople & { readonly count?: number };

export interface Happening {
  readonly atMs: number;
  readonly step: string;
  readonly key: string;
  /** The step's outcome when it ended, or a moment before: asked, reminded, escalated, approved, retried, undone, not-undone, ignored. */
  readonly what: string;
  readonly verb?: string;
  /** What it is done to, in words. */
  readonly target?: string;
  /** Of an effect or a read: all that the verb is given. */
  readonly params?: Effect['params'];
  /** Who is asked; how many of them, where it is an approval. */
  readonly to?: Asking;
  /** Of a question. */
  readonly title?: string;
  /** What an approval of several effects is about. */
  readonly covers?: readonly Effect[];
  readonly by?: string;
  readonly answer?: Json;
  readonly rows?: StepResult['rows'];
  readonly error?: { readonly code: string; readonly message: string };
  /** On effects, where the simulation was given a policy. */
  readonly policy?: PolicyReason;
}

export interface Simulation {
  readonly happenings: readonly Happening[];
  /** Absent only where the simulation was given up; `problems` says why. */
  readonly finish?: Finish;
  readonly endMs: number;
  /** Effects that are still in place, in the order they were done. */
  readonly held: readonly Effect[];
  readonly undone: readonly Effect[];
  /** What was sent to products, in order. */
  readonly performed: readonly Effect[];
  readonly results: Readonly<Record<string, StepResult>>;
  /** What in the script cannot have been meant: an approval that nobody asked for, an answer that is no choice. */
  readonly problems: readonly string[];
}
