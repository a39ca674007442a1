// The shapes of what is in place, waits or is held back in the API. Read through contract.ts.

export interface HoldRow {
  readonly id: string;
  readonly entity: string;
  readonly entityName: string;
  readonly verb: string;
  readonly connector: string;
  readonly simulated: boolean;
  readonly runId: string;
  readonly stepId: string;
  readonly incidentId: string;
  readonly state: 'active' | 'releasing' | 'released' | 'foreign' | 'debt' | 'settled';
  readonly saysUndo: string;
  readonly recovered: boolean;
  readonly placedAt: string;
  readonly expiresAt?: string;
  readonly onExpiry?: 'ask' | 'release';
  readonly endedAt?: string;
  readonly endedBy?: string;
  readonly debtReason?: string;
  /** One person has asked to hold it for longer; another confirms. */
  readonly renewAsked?: { readonly by: string; readonly forMs: number };
  readonly debtOwner?: string;
  readonly debtSince?: string;
  /** It is no longer in force at the product: somebody else has released it. */
  readonly driftedAt?: string;
  readonly drift?: string;
}

/** `GET /api/v1/runs/waiting`: one row for each thing that a run waits for. */
export interface WaitingRun {
  readonly run: string;
  readonly title: string;
  readonly playbook: string;
  readonly severity_id: number;
  /** approval, question, lock, lease, freeze, outage, place, settle, answer, event, time, progress. */
  readonly on: string;
  /** On whom or what, in words. */
  readonly whom: string;
  readonly detail: string;
  readonly since: string;
  readonly until?: string;
  /** What happens then. */
  readonly then: string;
  /** Past its time: something is wrong. */
  readonly overdue: boolean;
}

/** `GET /api/v1/suppressions`. */
export interface SuppressionRow {
  readonly id: string;
  readonly title: string;
  readonly match: {
    readonly sources?: readonly string[];
    readonly entities?: readonly string[];
    readonly title?: string;
    readonly playbooks?: readonly string[];
    readonly severityBelow?: number;
    readonly when?: string;
  };
  readonly reason: string;
  readonly by: string;
  readonly state: 'planned' | 'active' | 'expired' | 'removed';
  readonly startsAt: string;
  readonly expiresAt: string;
  readonly removedAt?: string;
  /** Alerts that started nothing because of it. */
  readonly hidden: number;
  readonly lastHiddenAt?: string;
}

/** `GET /api/v1/playbooks/:name/would?days=14`: what it would have done while it only observed, and what policy would have said. */
export interface WouldHave {
  readonly playbook: string;
  readonly days: number;
  /** That observed. */
  readonly runs: number;
  /** Steps of them that failed: a target that was not found, a product that did not answer. */
  readonly failed: number;
  readonly effects: readonly {
    readonly verb: string;
    /** deny: protected. */
    readonly effect: 'allow' | 'ask' | 'deny';
    readonly rule: string;
    readonly times: number;
    /** Different things that it would have been done to. */
    readonly targets: number;
  }[];
}

/** Whose effects an undo is about: exactly one of run, entity and incident; a step only with its run. */
export interface UndoScope {
  readonly run?: string | undefined;
  readonly step?: string | undefined;
  /** Canonical, `host:wks-007`, or its exact name. */
  readonly entity?: string | undefined;
  readonly incident?: string | undefined;
}

/** What an undo would do, before it is asked for. */
export interface UndoPreview {
  /** All of it in one sentence: "Enable Eve Adams; wks-007 stays held by run run_…". */
  readonly says: string;
  readonly will: readonly { readonly hold: string; readonly says: string; readonly entity: string }[];
  readonly stays: readonly { readonly hold: string; readonly entity: string; readonly why: string }[];
  readonly cannot: readonly { readonly step: string; readonly says: string; readonly why: string }[];
  /** Of what is undone and what stays. Sent back, nothing else is undone: 409 UNDO_CHANGED. */
  readonly digest: string;
}

export interface FreezeEntry {
  /** Absent: all of them. */
  readonly connector?: string;
  readonly verb?: string;
  readonly by: string;
  readonly reason: string;
  readonly since: string;
  /** One person has asked to lift it; another confirms. */
  readonly liftAsked?: { readonly by: string; readonly reason: string; readonly until: string };
}

/** `on`: everything is frozen, and by, reason, since, liftAsked are about that. */
export interface Freeze extends Partial<FreezeEntry> {
  readonly on: boolean;
  /** Of single connectors and verbs. */
  readonly parts: readonly FreezeEntry[];
}
