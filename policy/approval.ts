// When is an approval given, and who may give it. Pure; the store holds the records and asks here.
import { type Addressed, addressedWords, isMeant, type Places } from './addressed.ts';
import type { Requirement } from './policy.ts';
import { atLeast, type Role } from './roles.ts';

export type ApprovalState = 'open' | 'granted' | 'denied' | 'expired' | 'void' | 'answered' | 'withdrawn';

/** Who, in a way that no alias can double: issuer and subject. */
export interface Identity {
  readonly iss: string;
  readonly sub: string;
}

export interface RecordedDecision extends Identity {
  readonly role: string;
  readonly decision: 'approve' | 'deny' | 'answer';
  /** Exact names of the person, and of whom they stood in for, lower case: login, e-mail, id. */
  readonly names?: readonly string[];
  /** How long before it they had proven who they are, ms; absent or null: that is not known. */
  readonly provenAgoMs?: number | null;
  /** Their own account is held by now, or was since: what they said does not count until they say it again. */
  readonly contained?: boolean;
  /** Whom they stood in for. */
  readonly for?: Identity | null;
}

/** Somebody who has delegated what is put to them. */
export interface Absent extends Identity, Places {
  readonly id: string;
  readonly name: string;
}

export interface Decider extends Identity, Partial<Places> {
  readonly id: string;
  readonly role: string;
  /** How long ago they have proven who they are, ms; absent: not since anybody knows. */
  readonly provenAgoMs?: number;
  /** Whom they stand in for now. What is lent is being asked, never a role, and never what was lent to the lender. */
  readonly standsInFor?: readonly Absent[];
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
  /** Person ids whose own account is held: whoever uses it now may be somebody else. */
  readonly contained?: readonly string[];
}

export type Permission =
  | { readonly ok: true; readonly standsInFor?: Absent }
  | { readonly ok: false; readonly code: string; readonly reason: string };

type Refusal = Extract<Permission, { readonly ok: false }>;
type Choice = RecordedDecision['decision'];

const refuse = (code: string, reason: string): Refusal => ({ ok: false, code, reason });

/** From this role on anybody may deny, whomever it is put to and whichever role a yes needs. */
const DENIES: Role = 'responder';

/** May this person decide this now, and in whose stead? The reason is a sentence for people. */
export function mayDecide(question: OpenQuestion, person: Decider, decision: Choice): Permission {
  const late = lateness(question, decision);
  if (late) return late;
  if (question.kind === 'question' && decision !== 'answer')
    return refuse('APPROVAL_KIND', 'this is a question: answer it with one of its choices');
  if (question.kind === 'approval' && decision === 'answer') return refuse('APPROVAL_KIND', 'this is an approval: approve or deny it');
  const asked = asOneWhoIsAsked(question, person, decision);
  // A no is the safe direction: it is nobody's privilege.
  if (asked.ok || decision !== 'deny' || !atLeast(person.role, DENIES)) return asked;
  return whyNot(question, person, decision) ?? { ok: true };
}

function asOneWhoIsAsked(question: OpenQuestion, person: Decider, decision: Choice): Permission {
  if (!atLeast(person.role, question.requirement.role)) {
    return refuse('APPROVAL_ROLE', `needs the role ${question.requirement.role} or above; yours is ${person.role}`);
  }
  const own = whyNot(question, person, decision);
  if (isAsked(question, { names: person.names ?? [], groups: person.groups ?? [], oncall: person.oncall ?? [] }))
    return own ?? { ok: true };
  const absent = (person.standsInFor ?? []).filter((one) => isAsked(question, one));
  if (absent.length === 0)
    return refuse('APPROVAL_ADDRESSED', `it is put to ${(question.addressed ?? []).map(addressedWords).join(' and ')}`);
  // Nobody does through another what they may not do themselves.
  const free = absent.find((one) => whyNot(question, one, decision) === undefined);
  return own ?? (free ? { ok: true, standsInFor: free } : inTheirStead(question, absent[0], decision));
}

function inTheirStead(question: OpenQuestion, absent: Absent | undefined, decision: Choice): Refusal {
  const why = absent && whyNot(question, absent, decision);
  return refuse(
    why?.code ?? 'APPROVAL_ADDRESSED',
    `${absent?.name ?? 'who you stand in for'} may not decide it, and so neither may you for them`,
  );
}

function isAsked({ addressed = [] }: OpenQuestion, places: Places): boolean {
  return addressed.length === 0 || addressed.some((one) => isMeant(one, places));
}

/** Excluded, or their one decision is used up: by themselves, or by whoever stood in for them. */
function whyNot(question: OpenQuestion, person: Identity & { readonly id: string }, decision: Choice): Refusal | undefined {
  if (question.contained?.includes(person.id))
    return refuse('CONTAINED', 'this account is contained itself: until it is released, nothing is decided with it');
  const excluded = question.excluded.find((one) => one.personId === person.id);
  // Who started a run may say what they know of it; only what lets an effect happen needs another person.
  if (excluded && decision === 'approve') return refuse('APPROVAL_EXCLUDED', excluded.why);
  const counted = question.decisions.filter(
    (one) => one.decision === decision && (decision !== 'approve' || counts(question.requirement, one)),
  );
  if (counted.some((one) => isSame(one, person))) return refuse('APPROVAL_TWICE', 'you have decided already; another person is needed');
  if (counted.some((one) => one.for && isSame(one.for, person)))
    return refuse('APPROVAL_TWICE', 'it was decided in your stead already; another person is needed');
  return undefined;
}

const isSame = (one: Identity, other: Identity): boolean => one.iss === other.iss && one.sub === other.sub;

/** Undefined: their proof is fresh enough for what is asked. Asked for at the moment of the approval only, so that all can be shown before. */
export function whyNotProven({ stepUpMs }: Requirement, person: Pick<Decider, 'provenAgoMs'>): Refusal | undefined {
  if (stepUpMs === undefined || isFresh(stepUpMs, person.provenAgoMs)) return undefined;
  return refuse(
    'APPROVAL_STEP_UP',
    `policy wants to be sure that it is you, within ${Math.ceil(stepUpMs / 60_000)} minutes: give your password again`,
  );
}

const isFresh = (stepUpMs: number, provenAgoMs: number | null | undefined): boolean =>
  typeof provenAgoMs === 'number' && provenAgoMs <= stepUpMs;

/** What cannot be taken back is approved with a reason, which is kept. */
export const needsReason = (items: readonly { readonly risk: string }[]): boolean => items.some(({ risk }) => risk === 'destructive');

/** A denial may still come after the last approval, until an effect has begun; nothing else may come after the end. */
function lateness(question: OpenQuestion, decision: string): Refusal | undefined {
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

const counts = ({ role, stepUpMs }: Requirement, one: RecordedDecision): boolean =>
  one.contained !== true && atLeast(one.role, role) && (stepUpMs === undefined || isFresh(stepUpMs, one.provenAgoMs));

/** Distinct people whose approval counts. Who stands in for somebody speaks for both: neither counts again. */
export function approvers(requirement: Requirement, decisions: readonly RecordedDecision[]): number {
  const heard = new Set<string>();
  let given = 0;
  for (const one of decisions) {
    if (one.decision !== 'approve' || !counts(requirement, one)) continue;
    const people = [one, ...(one.for ? [one.for] : [])].map(({ iss, sub }) => JSON.stringify([iss, sub]));
    if (people.some((person) => heard.has(person))) continue;
    for (const person of people) heard.add(person);
    given += 1;
  }
  return given;
}
