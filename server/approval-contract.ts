// Approvals and questions, as the API shows and takes them.
import type { Form } from '../language/form.ts';
import type { Json } from '../language/plan.ts';
import type { Rows } from '../language/rows.ts';
import type { StepRow } from './contract.ts';

export interface ApprovalItem {
  readonly key: string;
  /** "Disable Eve Adams (user-007)". */
  readonly says: string;
  readonly saysUndo?: string;
  readonly verb: string;
  readonly risk: 'read' | 'additive' | 'reversible' | 'destructive';
  readonly connector: string;
  readonly simulated: boolean;
  readonly entity?: string;
  readonly entityName?: string;
  readonly why?: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly before?: unknown;
  /** From the inventory. */
  readonly owner?: string;
  readonly criticality?: string;
  readonly tags: readonly string[];
  readonly dependents: readonly string[];
  readonly policy: {
    readonly effect: 'allow' | 'ask' | 'deny';
    readonly rule: string;
    readonly reason: string;
    /** sha256 of the policy's file. */
    readonly policy?: string;
    /** What it was decided from. */
    readonly facts?: Readonly<Record<string, unknown>>;
  };
}

export interface ApprovalRow {
  readonly id: string;
  readonly kind: 'approval' | 'question';
  readonly state: 'open' | 'granted' | 'denied' | 'expired' | 'void' | 'answered' | 'withdrawn';
  readonly title: string;
  readonly runId: string;
  readonly playbook: string;
  readonly incidentId: string;
  readonly alertId?: string;
  readonly severity_id: number;
  readonly stepId: string;
  readonly round: number;
  readonly openedAt: string;
  readonly expiresAt: string;
  readonly decidedAt?: string;
  readonly decidedBy?: string;
  readonly answer?: string;
  readonly requirement: {
    readonly count: number;
    readonly roles: readonly string[];
    /** Whoever approves must have given their password within this time before it. */
    readonly stepUpMs?: number;
    readonly reasons: readonly { readonly rule: string; readonly reason: string }[];
  };
  /** In words: whom it is put to. */
  readonly addressedTo: readonly string[];
  /** Who is asked too, and from when on; also those who are by now. */
  readonly escalations: readonly { readonly at: string; readonly to: string }[];
  /** Somebody has said that they have it: nobody else is asked before `until`. */
  readonly acked?: { readonly by: string; readonly at: string; readonly until: string };
  readonly given: number;
  /** May the one who asks decide it, and if not, why not. */
  readonly mayDecide: boolean;
  readonly mayNotReason?: string;
  /** They may deny it though they may not approve it. */
  readonly mayDeny?: boolean;
  /** In whose stead the one who asks would decide it. */
  readonly standsInFor?: string;
}

export interface ApprovalDetail extends ApprovalRow {
  readonly items: readonly ApprovalItem[];
  readonly digest: string;
  /** A question has one of choices, form and rows. */
  readonly choices?: readonly string[];
  readonly form?: Form;
  readonly rows?: Rows;
  /** What people answered: a form's values by field, or rows by their ids. */
  readonly answers?: Readonly<Record<string, Json>>;
  /** What silence means: a question's answer, or "denied". */
  readonly silence: string;
  readonly alert?: { readonly id: string; readonly title: string; readonly message?: string; readonly source: string };
  readonly reason: string;
  readonly decisions: readonly {
    readonly by: string;
    readonly standsInFor?: string;
    readonly role: string;
    readonly decision: 'approve' | 'deny' | 'answer';
    readonly answer?: string;
    readonly reason: string;
    readonly channel: string;
    readonly at: string;
    /** While it is open: their account was contained since, so their approval does not count until they say it again. */
    readonly contained?: boolean;
  }[];
  /** Oldest first. They decide nothing. */
  readonly comments: readonly { readonly by: string; readonly text: string; readonly channel: string; readonly at: string }[];
  /** What became of its effects, once decided. */
  readonly effects: readonly StepRow[];
  /** What has not begun by then will not. */
  readonly runEnded: boolean;
  readonly voidReason?: string;
}

export interface DecideBody {
  /** The digest that was shown; another one is refused with 409 APPROVAL_CHANGED. */
  readonly digest: string;
  /** Needed where part of it cannot be taken back. */
  readonly reason?: string;
  /** Where policy wants a fresh proof of who decides. */
  readonly password?: string;
}

/** `POST /api/v1/approvals/batch`: what became of each. */
export interface BatchOutcome {
  readonly id: string;
  readonly title?: string;
  readonly state?: ApprovalRow['state'];
  /** Where it was refused. */
  readonly code?: string;
  readonly detail?: string;
}

export interface AnswerBody extends DecideBody {
  /** A choice; a form's values by field; one choice for each row by the row's id. */
  readonly answer: string | Readonly<Record<string, Json>>;
}
