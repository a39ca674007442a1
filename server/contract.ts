// The API's shapes: what the console and the command line read and send. Types only; routes hold the schemas that check them, routes/index.ts lists them.

import type { FieldFault } from '../language/form.ts';
import type { ApprovalRow } from './approval-contract.ts';
import type { Undelivered } from './people-contract.ts';
import type { Freeze, HoldRow, UndoPreview } from './response-contract.ts';

export type Role = 'viewer' | 'analyst' | 'responder' | 'engineer' | 'admin';
export type Scope = 'read' | 'alerts:send' | 'approve' | 'respond' | 'publish' | 'admin';

/** Every error anywhere: application/problem+json (RFC 9457) with a stable `code`. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  /** What to do. */
  readonly hint?: string;
  /** Field by field, where the body is a form: `field` as it was sent. */
  readonly faults?: readonly FieldFault[];
  /** Of UNDO_CHANGED: what would be undone by now. */
  readonly preview?: UndoPreview;
}

/** Lists answer a page; `next` is the cursor of the page after it. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

export interface Me {
  readonly id: string;
  readonly name: string;
  readonly login: string;
  readonly email?: string;
  readonly role: Role;
  readonly mustChangePassword: boolean;
  readonly scopes: readonly Scope[];
  /** When they have last given their password; absent: an API token says nothing of it. */
  readonly provenAt?: string;
}

export interface AlertRow {
  readonly id: string;
  readonly source: string;
  readonly title: string;
  readonly severity: string;
  readonly severity_id: number;
  readonly status: 'open' | 'resolved';
  readonly state: 'accepted' | 'quarantined';
  readonly quarantineReason?: string;
  readonly receivedAt: string;
  readonly seenCount: number;
  readonly incidentId?: string;
  /** What kept it from starting something. */
  readonly suppressed?: { readonly id: string; readonly title: string };
  readonly runs: readonly { readonly id: string; readonly playbook: string; readonly state: string }[];
}

export interface AlertDetail extends AlertRow {
  /** The normalised alert; absent when quarantined. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** As received, decoded as text with replacements, at most 64 KB. */
  readonly raw: string;
  /** Why it did or did not start something. */
  readonly decisions: readonly TriggerDecision[];
}

export interface TriggerDecision {
  readonly playbook?: string;
  readonly decision: 'start' | 'join' | 'duplicate' | 'suppressed' | 'no_match' | 'error';
  readonly reason: string;
  readonly runId?: string;
  readonly at: string;
}

export type RunStatus = 'queued' | 'starting' | 'running' | 'waiting' | 'completed' | 'stopped' | 'failed' | 'cancelled' | 'lost';

export interface RunRow {
  readonly id: string;
  readonly kind: 'playbook' | 'undo' | 'hold';
  readonly playbook: string;
  readonly title: string;
  readonly severity_id: number;
  readonly state: RunStatus;
  readonly outcome?: string;
  readonly error?: { readonly code: string; readonly message: string; readonly step?: string };
  readonly alertId?: string;
  readonly incidentId: string;
  readonly parentRunId?: string;
  readonly startedBy: string;
  readonly reason: string;
  readonly createdAt: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
  /** What it waits for, in words; absent when it does not wait. */
  readonly waiting?: {
    readonly on: string;
    readonly detail: string;
    readonly since: string;
    readonly until?: string;
    readonly approvalId?: string;
  };
  readonly activeHolds: number;
}

export interface RunDetail extends RunRow {
  readonly planDigest: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly joins: readonly { readonly alertId: string; readonly title: string; readonly at: string }[];
  /** Of a loop's turns the first twenty-five of each step; `loops` counts all. */
  readonly steps: readonly StepRow[];
  readonly loops: readonly {
    readonly stepId: string;
    readonly kind: StepRow['kind'];
    readonly turns: number;
    /** How many stand how: an outcome, or a state where it has not ended. */
    readonly outcomes: Readonly<Record<string, number>>;
  }[];
  readonly holds: readonly HoldRow[];
  readonly approvals: readonly ApprovalRow[];
  /** The plan's steps in order, so that what was not reached can be shown. */
  readonly plan: readonly {
    readonly id: string;
    readonly kind: string;
    readonly verb?: string;
    readonly note?: string;
    /** Of a `stop`: the outcome that it ends the run with. */
    readonly ends?: string;
    readonly depth: number;
  }[];
}

export interface StepRow {
  readonly key: string;
  readonly stepId: string;
  readonly generation: number;
  readonly kind: 'do' | 'undo' | 'gate' | 'ask' | 'wait';
  readonly verb?: string;
  readonly says?: string;
  readonly why?: string;
  readonly entity?: string;
  readonly entityName?: string;
  readonly connector?: string;
  readonly state: 'reading' | 'waiting' | 'intent' | 'ended' | 'skipped' | 'not-reached';
  readonly waitingOn?: string;
  readonly waitingUntil?: string;
  readonly approvalId?: string;
  readonly outcome?: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly output?: Readonly<Record<string, unknown>>;
  readonly before?: unknown;
  readonly after?: unknown;
  readonly error?: { readonly code: string; readonly message: string };
  readonly decision?: {
    readonly effect: 'allow' | 'ask' | 'deny';
    readonly rule: string;
    readonly reason: string;
    /** sha256 of the policy's file. */
    readonly policy?: string;
    /** What it was decided from. */
    readonly facts?: Readonly<Record<string, unknown>>;
  };
  readonly recovered: boolean;
  readonly attempts: number;
  readonly startedAt: string;
  readonly endedAt?: string;
}

export interface ConnectorRow {
  readonly id: string;
  readonly type: string;
  readonly title: string;
  readonly simulated: boolean;
  readonly verbs: readonly string[];
  readonly state: 'ok' | 'failed' | 'unknown';
  readonly detail?: string;
  readonly checkedAt?: string;
}

export interface IncidentRow {
  readonly id: string;
  readonly title: string;
  readonly severity_id: number;
  readonly state: 'open' | 'closed' | 'merged';
  readonly openedAt: string;
  readonly updatedAt: string;
  readonly entities: readonly string[];
  readonly alerts: number;
  readonly runs: number;
}

/** `GET /api/v1/incidents/:id`: with the latest of each. */
export interface IncidentDetail extends IncidentRow {
  readonly alertRows: readonly AlertRow[];
  readonly runRows: readonly RunRow[];
}

/** `GET /api/v1/sources`. */
export interface SourceRow {
  readonly name: string;
  readonly type: string;
  /** Where it posts. */
  readonly path: string;
  readonly alerts: number;
  readonly quarantined: number;
  readonly lastSeenAt?: string;
}

/** `POST /hooks/<source>`; `alerts` stands where a post carried several. */
export interface Receipt {
  readonly id: string;
  readonly status: 'accepted' | 'duplicate' | 'quarantined';
  readonly alerts?: readonly { readonly id: string; readonly status: 'accepted' | 'duplicate' | 'quarantined' }[];
}

export interface AuditRow {
  readonly stream: string;
  readonly seq: number;
  readonly at: string;
  readonly code: string;
  readonly actor: string;
  readonly says: string;
  readonly hash: string;
}

/** `GET /api/v1/now`: what needs a person, and the counts of the rail. */
export interface Now {
  /** Open ones: those that the one who asks may decide first, then what ends first. */
  readonly approvals: readonly ApprovalRow[];
  readonly debts: readonly HoldRow[];
  /** Held, but found no longer in force. */
  readonly drifted: readonly HoldRow[];
  readonly quarantined: number;
  readonly lostRuns: readonly RunRow[];
  /** How many there are; the lists stop at a page. */
  readonly totals: { readonly approvals: number; readonly debts: number; readonly drifted: number; readonly lostRuns: number };
  /** Runs that wait for something past its time. */
  readonly stuck: number;
  readonly undeliverable: number;
  readonly undelivered: Undelivered;
  readonly contained: number;
  readonly openRuns: number;
  readonly freeze: Freeze;
  readonly simulated: boolean;
}

/** Server-sent events on `GET /api/v1/live`: what changed, never the thing itself. */
export interface LiveEvent {
  readonly topic: 'alerts' | 'runs' | 'approvals' | 'holds' | 'playbooks' | 'freeze';
  readonly id?: string;
}

/** `GET /api/v1/range/live?approval=<id>` (trial form only, else 404): what the practice range's products themselves say at this moment. */
export interface RangeLive {
  readonly items: readonly {
    readonly entity: string;
    readonly name: string;
    readonly facts: readonly { readonly label: string; readonly value: string }[];
  }[];
}

/** `GET /api/v1/audit/verify`: every chain against its head, every checkpoint against its signature and the chains. */
export interface AuditVerdict {
  readonly ok: boolean;
  readonly streams: number;
  readonly events: number;
  readonly checkpoints: number;
  /** The first record that is not as it was written. */
  readonly bad?: { readonly stream: string; readonly seq: number; readonly reason: string };
  readonly badCheckpoint?: { readonly id: string; readonly reason: string };
  readonly lastDigest: string | null;
  /** Records that no checkpoint holds yet. */
  readonly unanchored: { readonly events: number };
}

export type * from './approval-contract.ts';
export type * from './people-contract.ts';
export type * from './playbook-contract.ts';
export type * from './policy-contract.ts';
export type * from './response-contract.ts';
