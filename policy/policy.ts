// What policy.yaml says, once checked. Rules are read top to bottom; all that match are heard, and the strictest wins.
import type { Role } from './roles.ts';

export type Risk = 'read' | 'additive' | 'reversible' | 'destructive';
export type Criticality = 'low' | 'medium' | 'high' | 'critical';

/** Every member that is given must hold; a list holds when one of it does. An empty match holds for everything. */
export interface Match {
  readonly verbs?: readonly string[];
  readonly risks?: readonly Risk[];
  readonly kinds?: readonly string[];
  /** Tags of the target in the inventory. */
  readonly tags?: readonly string[];
  readonly criticality?: readonly Criticality[];
  /** Exact names or aliases of the target, lower case. */
  readonly names?: readonly string[];
  readonly connectors?: readonly string[];
  /** OCSF severity_id of the run, at most: "below high" asks. */
  readonly severityBelow?: number;
}

export type Consequence =
  | { readonly then: 'allow' }
  | { readonly then: 'deny' }
  | { readonly then: 'ask'; readonly count: number; readonly role: Role };

export interface Rule {
  readonly name: string;
  readonly reason: string;
  readonly match: Match;
  readonly consequence: Consequence;
}

export interface Policy {
  /** sha256 of the file, for the record of a decision. */
  readonly digest: string;
  readonly rules: readonly Rule[];
  /** A granted approval is stale after this long, ms. */
  readonly approvalUseByMs: number;
  /** How long an approval that only policy asks for stays open, ms. */
  readonly approvalWithinMs: number;
}

/** What is known about one effect when it is decided. Names and tags are lower case. */
export interface Facts {
  readonly verb: string;
  readonly risk: Risk;
  readonly connector: string;
  readonly mode: 'observe' | 'ask' | 'act';
  readonly severityId: number;
  readonly target?: {
    readonly kind: string;
    readonly key: string;
    /** All exact names: the product's, the inventory's, aliases. */
    readonly names: readonly string[];
    readonly tags: readonly string[];
    readonly criticality?: string;
  };
}

export interface Reason {
  readonly rule: string;
  readonly reason: string;
}

/** How many distinct people of at least this role. */
export interface Requirement {
  readonly count: number;
  readonly role: Role;
  readonly reasons: readonly Reason[];
}

export type Decision =
  | { readonly effect: 'allow'; readonly rule: string; readonly reason: string }
  | { readonly effect: 'deny'; readonly rule: string; readonly reason: string }
  | { readonly effect: 'ask'; readonly rule: string; readonly reason: string; readonly requirement: Requirement };
