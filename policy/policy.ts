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
  /** Groups of the target in the inventory. */
  readonly groups?: readonly string[];
  /** Exact names or aliases of the target, lower case. */
  readonly names?: readonly string[];
  readonly connectors?: readonly string[];
  /** OCSF severity_id of the run, at most: "below high" asks. */
  readonly severityBelow?: number;
  /** Holds while the wall clock is outside of these hours, and while nobody can tell. */
  readonly outside?: Hours;
  /** Holds from the first instant up to, not including, the second: ms since 1970. */
  readonly between?: { readonly fromMs: number; readonly toMs: number };
}

/** Hours of a week, by the wall clock of one zone. From 22:00 to 06:00 goes over midnight and belongs to the day on which it begins. */
export interface Hours {
  readonly name: string;
  /** An IANA zone: Europe/Berlin. */
  readonly zone: string;
  /** 1 is Monday, 7 is Sunday. */
  readonly days: readonly number[];
  /** Minutes since midnight. */
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** What a wall clock shows. */
export interface WallClock {
  /** 1 is Monday, 7 is Sunday. */
  readonly day: number;
  /** Minutes since midnight. */
  readonly minute: number;
}

export type Consequence = { readonly then: 'allow' } | { readonly then: 'deny' } | ({ readonly then: 'ask' } & Asking);

/** How many distinct people of at least this role. */
export interface Asking {
  readonly count: number;
  readonly role: Role;
  /** An approval counts only of somebody who has proven who they are within this time before it, ms. Absent: a sign-in is enough. */
  readonly stepUpMs?: number;
}

export interface Rule {
  readonly name: string;
  readonly reason: string;
  readonly match: Match;
  readonly consequence: Consequence;
}

/** At most so many matching effects in a sliding window, whichever playbooks they come from. What was undone still counts. */
export interface Limit {
  readonly name: string;
  readonly reason: string;
  /** By what the record of an effect tells later too. */
  readonly match: Pick<Match, 'verbs' | 'risks' | 'connectors' | 'kinds' | 'tags' | 'criticality'>;
  readonly atMost: number;
  readonly withinMs: number;
  /** Of what would go over it. */
  readonly consequence: Exclude<Consequence, { readonly then: 'allow' }>;
}

/** What may never be the target of something reversible or destructive. Who asked, and the machine we run on, always belong to it. */
export interface Forbidden {
  /** Lower case. */
  readonly tags: readonly string[];
  readonly names: readonly string[];
  /** Our own address ranges, CIDR. */
  readonly networks: readonly string[];
  /** Our own domains; what is below them belongs to them. */
  readonly domains: readonly string[];
}

export interface Policy {
  /** sha256 of the file, for the record of a decision. */
  readonly digest: string;
  readonly rules: readonly Rule[];
  readonly limits: readonly Limit[];
  readonly forbidden: Forbidden;
  /** Of the hours that rules name: whoever gives the facts reads these clocks. */
  readonly zones: readonly string[];
  /** A granted approval is stale after this long, ms. */
  readonly approvalUseByMs: number;
  /** How long an approval that only policy asks for stays open, ms. */
  readonly approvalWithinMs: number;
  /** Whoever wrote the version of the playbook that asks may approve what it asks for. Absent: they may not. */
  readonly authorMayApprove?: boolean;
  /** A hold that is renewed beyond this, counted from its beginning, needs a second person, ms. Absent: the server's own default. */
  readonly renewalConfirmAfterMs?: number;
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
    readonly groups?: readonly string[];
    readonly criticality?: string;
  };
  /** When it is decided: ms since 1970. */
  readonly nowMs: number;
  /** By zone. One that is missing counts against the effect. */
  readonly clocks: Readonly<Record<string, WallClock>>;
  /** By limit: effects within its window, without this one, counted up to the limit. One that is missing counts as full. */
  readonly used: Readonly<Record<string, number>>;
  /** Exact names, lower case, of the person who started the run by hand; empty: nobody did. */
  readonly requester: readonly string[];
  /** Exact names, lower case, of Cordon's own accounts for emergencies. */
  readonly breakGlass: readonly string[];
  /** Exact names and addresses, lower case, of the machine and the accounts that Cordon itself uses. */
  readonly ourselves: readonly string[];
}

export interface Reason {
  readonly rule: string;
  readonly reason: string;
}

export interface Requirement extends Asking {
  readonly reasons: readonly Reason[];
}

export type Decision =
  | { readonly effect: 'allow'; readonly rule: string; readonly reason: string }
  | { readonly effect: 'deny'; readonly rule: string; readonly reason: string }
  | { readonly effect: 'ask'; readonly rule: string; readonly reason: string; readonly requirement: Requirement };
