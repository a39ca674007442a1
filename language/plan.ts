// The checked playbook: plain JSON, what a run receives. Expressions travel as source and are parsed in the sandbox's preloaded module.

import type { Field } from './form.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** A value that may hold expressions. One whole `${{ }}` keeps its type (`cel`); embedded ones become text (`text`). */
export type Template =
  | { readonly lit: Json }
  | { readonly cel: string }
  | { readonly text: readonly (string | { readonly cel: string })[] }
  | { readonly list: readonly Template[] }
  | { readonly map: Readonly<Record<string, Template>> };

/** Exactly one of the four is set. */
export interface People {
  readonly role?: string;
  readonly group?: string;
  readonly oncall?: string;
  readonly person?: Template;
}

export interface Approve {
  readonly by: People & { readonly count: number };
  /** CEL. True: the playbook asks nobody (policy may still). An error in it means: ask. */
  readonly unless?: string;
  readonly withinMs: number;
  readonly remindMs: readonly number[];
  readonly escalate?: Escalation;
  /** Those after it, later and later. Apart from the first, so that plans with one stay what they were. */
  readonly escalateNext?: readonly Escalation[];
}

export interface Escalation {
  /** Counted from the request. */
  readonly afterMs: number;
  readonly to: People;
}

export type Hold = { readonly forMs: number; readonly then: 'ask' | 'release' } | { readonly until: 'released' };

export interface Retry {
  readonly attempts: number;
}

/** What follows a failure or a denial: words, or steps of their own. */
export type Then = 'stop' | 'continue' | 'undo' | readonly Step[];

interface StepBase {
  /** Unique in the playbook. Given by the author, or made from the place (`step-3`, `step-3-1`). */
  readonly id: string;
  readonly named: boolean;
  readonly line: number;
  /** CEL guard: false skips the step. */
  readonly when?: string;
  /** The result's outputs when it was skipped or failed. */
  readonly default?: Readonly<Record<string, Json>>;
  readonly onError: Then;
  readonly onDenied: Exclude<Then, 'undo'>;
  readonly timeoutMs?: number;
  readonly note?: string;
}

export interface DoStep extends StepBase {
  readonly kind: 'do';
  readonly verb: string;
  readonly via?: string;
  readonly with: Readonly<Record<string, Template>>;
  readonly hold?: Hold;
  readonly approve?: Approve;
  readonly why?: Template;
  readonly retry?: Retry;
}

export interface AskStep extends StepBase {
  readonly kind: 'ask';
  readonly to: People;
  readonly title: Template;
  /** Exactly one of choices, form and rows is there. */
  readonly choices?: readonly string[];
  readonly form?: readonly AskField[];
  /** One answer for each item of the list. */
  readonly rows?: { readonly of: Template; readonly choices: readonly string[] };
  readonly withinMs: number;
  readonly remindMs: readonly number[];
  /** What silence means: one of the choices (for every row), or a form's values; a field that is not here takes its default. */
  readonly else: string | Readonly<Record<string, Template>>;
}

/** A field of a form as it is written; its default is rendered when people are asked. */
export interface AskField extends Omit<Field, 'default'> {
  readonly default?: Template;
}

export interface GroupStep extends StepBase {
  readonly kind: 'group';
  readonly steps: readonly Step[];
  /** One decision over everything in the group. */
  readonly approve?: Approve;
}

export interface IfStep extends StepBase {
  readonly kind: 'if';
  readonly condition: string;
  readonly then: readonly Step[];
  readonly else: readonly Step[];
}

/** One of several lists, by the word that an expression gives. */
export interface SwitchStep extends StepBase {
  readonly kind: 'switch';
  /** CEL. Text is taken as it is, anything else as its JSON. */
  readonly value: string;
  readonly cases: readonly { readonly is: string; readonly steps: readonly Step[] }[];
  readonly else: readonly Step[];
}

/** The steps once for each item of a list. A turn that fails stops no other turn. */
export interface ForEachStep extends StepBase {
  readonly kind: 'for_each';
  /** The variable that holds the item; a root of expressions inside. */
  readonly name: string;
  readonly of: Template;
  /** A longer list is a failure before anything is done. */
  readonly max: number;
  readonly atOnce: number;
  readonly steps: readonly Step[];
  /** One decision over all effects of all turns. */
  readonly approve?: Approve;
}

/** The steps until an expression is true, asked after each turn. */
export interface RepeatStep extends StepBase {
  readonly kind: 'repeat';
  /** CEL; sees the results of the turn. */
  readonly until: string;
  /** Between two turns. */
  readonly everyMs: number;
  /** All together; then it has failed. */
  readonly forMs: number;
  readonly steps: readonly Step[];
}

export interface WaitStep extends StepBase {
  readonly kind: 'wait';
  readonly on: { readonly forMs: number } | { readonly until: Template } | { readonly event: string; readonly withinMs: number };
}

/** Another playbook's steps as a part of this run. */
export interface CallStep extends StepBase {
  readonly kind: 'call';
  readonly playbook: string;
  readonly with: Readonly<Record<string, Template>>;
  readonly callee: Callee;
}

/** The called playbook as it was when its caller was checked: a part of the caller's plan, and so of its digest. */
export interface Callee {
  readonly inputs: Readonly<Record<string, Input>>;
  readonly outputs: Readonly<Record<string, Output>>;
  readonly vars: Readonly<Record<string, Json>>;
  readonly onFailure: Plan['onFailure'];
  /** Their ids begin with the call's and a dot. */
  readonly steps: readonly Step[];
}

export interface ParallelStep extends StepBase {
  readonly kind: 'parallel';
  readonly branches: readonly (readonly Step[])[];
  /** all: ends when every branch has ended · any: ends with the first, the others are cancelled. */
  readonly join: 'all' | 'any';
  readonly approve?: Approve;
}

export interface UndoStep extends StepBase {
  readonly kind: 'undo';
  /** `all` of this run, or the named steps. */
  readonly scope: 'all' | readonly string[];
}

export interface StopStep extends StepBase {
  readonly kind: 'stop';
  readonly outcome: string;
  readonly message?: Template;
}

export interface SetStep extends StepBase {
  readonly kind: 'set';
  readonly vars: Readonly<Record<string, Template>>;
}

export type Step =
  | DoStep
  | AskStep
  | GroupStep
  | IfStep
  | SwitchStep
  | ParallelStep
  | ForEachStep
  | CallStep
  | RepeatStep
  | WaitStep
  | UndoStep
  | StopStep
  | SetStep;

export interface Input {
  readonly type: string;
  readonly list: boolean;
  readonly optional: boolean;
  readonly default?: Json;
  readonly description?: string;
}

export interface Output {
  readonly type: string;
  readonly list: boolean;
  readonly optional: boolean;
  readonly description?: string;
  readonly value: Template;
}

export interface AlertTrigger {
  readonly kind: 'alert';
  readonly sources: readonly string[];
  /** OCSF severity_id; 0 takes all. */
  readonly minSeverityId: number;
  readonly when?: string;
  readonly with: Readonly<Record<string, Template>>;
  /** A second alert with the same key joins the running run. */
  readonly dedupe?: { readonly by: Template; readonly withinMs: number };
  readonly whenResolved: 'note' | 'ask' | 'undo';
}

export interface ManualTrigger {
  readonly kind: 'manual';
}

export interface ScheduleTrigger {
  readonly kind: 'schedule';
  /** Five fields, checked. */
  readonly cron: string;
  /** IANA name. */
  readonly timezone: string;
  /** What happens when it comes round while a run that it has started is open. */
  readonly overlap: 'skip' | 'buffer_one' | 'allow_all' | 'cancel_other';
  /** A start that was missed is still made within this time. */
  readonly catchupMs: number;
  readonly with: Readonly<Record<string, Template>>;
}

export type Trigger = AlertTrigger | ManualTrigger | ScheduleTrigger;

export interface Plan {
  readonly format: 1;
  readonly playbook: string;
  readonly title: string;
  readonly description: string;
  readonly owner: string;
  readonly labels: Readonly<Record<string, readonly string[]>>;
  readonly inputs: Readonly<Record<string, Input>>;
  readonly vars: Readonly<Record<string, Json>>;
  readonly triggers: readonly Trigger[];
  readonly onFailure: 'keep' | 'undo';
  /** What a playbook that calls this one gets; absent where nothing is declared. */
  readonly outputs?: Readonly<Record<string, Output>>;
  readonly steps: readonly Step[];
}
