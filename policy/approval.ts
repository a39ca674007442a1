// When is an approval given, and who may give it. Pure; the store holds the records and asks here.
import { type Addressed, addressedWords, isMeant, type Places } from './addressed.ts';
import type { Requirement } from './policy.ts';
import { atLeast } from './roles.ts';

export type ApprovalState = 'open' | 'granted' | 'denied' | 'expired' | 'void' | 'answered' | 'withdrawn';

export interface RecordedDecision {
  /** Who, in a way that no alias can double: issuer and subject. */
  readonly iss: string;
  readonly sub: string;
  readonly role: string;
  readonly decision: 'approve' | 'deny' | 'answer';
  /** Exact names of the person, lower case: login, e-mail, id. */
  readonly names?: readonly string[];
}

export interface Decider extends Partial<Places> {
  readonly id: string;
  readonly iss: string;
  readonly sub: string;
  readonly role: string;
}

export interface OpenQuestion {
  readonly kind: 'approval' | 'question';
  readonly state: ApprovalState;
  readonly requirement: Requirement;
  readonly decisions: readonly RecordedDecision[];
  /** Whom it is put to; several after an escalation. Empty or absent: everyone of the role. */
  readonly addressed?: readonly Addressed[];
  /** By the store's clock. */
  readonly expired: boolean;
  /** An effect under it has been recorded as intended: too late for a denial. */
  readonly begun: boolean;
  /** Person ids that may not decide: who started the run by hand, who wrote the playbook's last version. */
  readonly excluded: readonly { readonly personId: string; readonly why: string }[];
}

export type Permission = { readonly ok: true } | { readonly ok: false; readonly code: string; readonly reason: string };

const refuse = (code: string, reason: string): Permission => ({ ok: false, code, reason });

/** May this person decide this now? The reason is a sentence for people. */
export function mayDecide(question: OpenQuestion, person: Decider, decision: 'approve' | 'deny' | 'answer'): Permission {
  const late = lateness(question, decision);
  if (late) return late;
  if (question.kind === 'question' && decision !== 'answer')
    return refuse('APPROVAL_KIND', 'this is a question: answer it with one of its choices');
  if (question.kind === 'approval' && decision === 'answer') return refuse('APPROVAL_KIND', 'this is an approval: approve or deny it');
  if (!atLeast(person.role, question.requirement.role)) {
    return refuse('APPROVAL_ROLE', `needs the role ${question.requirement.role} or above; yours is ${person.role}`);
  }
  const { addressed = [] } = question;
  const places = { names: person.names ?? [], groups: person.groups ?? [], oncall: person.oncall ?? [] };
  if (addressed.length > 0 && !addressed.some((one) => isMeant(one, places)))
    return refuse('APPROVAL_ADDRESSED', `it is put to ${addressed.map(addressedWords).join(' and ')}`);
  const excluded = question.excluded.find((one) => one.personId === person.id);
  // Who started a run may say what they know of it; only what lets an effect happen needs another person.
  if (excluded && decision === 'approve') return refuse('APPROVAL_EXCLUDED', excluded.why);
  if (question.decisions.some((one) => one.iss === person.iss && one.sub === person.sub && one.decision === decision)) {
    return refuse('APPROVAL_TWICE', 'you have decided already; another person is needed');
  }
  return { ok: true };
}

/** A denial may still come after the last approval, until an effect has begun; nothing else may come after the end. */
function lateness(question: OpenQuestion, decision: string): Permission | undefined {
  if (question.state === 'granted' && decision === 'deny') {
    return question.begun ? refuse('APPROVAL_BEGUN', 'it was approved and has begun; use undo instead') : undefined;
  }
  if (question.state !== 'open') return refuse('APPROVAL_ENDED', `it is ${question.state} already; nothing was changed`);
  if (question.expired) return refuse('APPROVAL_EXPIRED', 'its time is over, and silence means no; the playbook decides what follows');
  return undefined;
}

/** The state that follows from all decisions: a denial ends it; enough distinct people of the role grant it. */
export function tally(requirement: Requirement, decisions: readonly RecordedDecision[]): 'open' | 'granted' | 'denied' {
  if (decisions.some((one) => one.decision === 'deny')) return 'denied';
  return approvers(requirement, decisions) >= requirement.count ? 'granted' : 'open';
}

/** Distinct people whose approval counts. */
export function approvers(requirement: Requirement, decisions: readonly RecordedDecision[]): number {
  const people = decisions.filter((one) => one.decision === 'approve' && atLeast(one.role, requirement.role));
  return new Set(people.map((one) => JSON.stringify([one.iss, one.sub]))).size;
}
