// Every error of the API, in one table. docs/reference/errors.md is held equal to it by a test. To add one: a row here, a row there.
import type { FieldFault } from '../language/form.ts';
import type { Problem, UndoPreview } from './contract.ts';

interface ProblemRow {
  readonly status: number;
  readonly title: string;
  /** What to do. */
  readonly hint: string;
}

export const PROBLEMS = {
  BAD_REQUEST: { status: 400, title: 'The request is not understood', hint: 'Compare it with /api/openapi.json.' },
  INVALID_INPUT: { status: 400, title: 'A field is missing or wrong', hint: 'Mend the field that is named and send it again.' },
  SIGNATURE_REFUSED: {
    status: 401,
    title: 'Not signed by a known source',
    hint: "Check the address, the source's secret and the sender's clock (five minutes at most).",
  },
  CLICK_REPLAYED: { status: 401, title: 'This click was taken before', hint: 'Click again; a copy of an old post does nothing.' },
  LINK_OVER: { status: 410, title: 'The link is over', hint: 'Click the button in the channel once more; it answers with a new link.' },
  IDENTITY_TAKEN: {
    status: 409,
    title: 'The identity is bound to somebody already',
    hint: 'Who has it can take it back under "Accounts in other products" in the console.',
  },
  IDENTITY_OTHER: {
    status: 403,
    title: 'This looks like somebody else',
    hint: 'Open only links that answered a click of your own. An admin can mend a wrong address.',
  },
  TOO_MANY_SIGNATURES: { status: 400, title: 'More than ten signatures', hint: 'Send the signatures of the secrets in use only.' },
  SIGN_IN_REQUIRED: { status: 401, title: 'Sign in first', hint: 'Sign in, or send `Authorization: Bearer cdn_…`.' },
  SIGN_IN_REFUSED: { status: 401, title: 'Login or password is wrong', hint: 'Try again; after a few failures each try has to wait.' },
  TOKEN_REFUSED: { status: 401, title: 'The API token is not valid', hint: 'It may have expired or been revoked; make another.' },
  PASSWORD_CHANGE_REQUIRED: {
    status: 403,
    title: 'The one-time password must be changed first',
    hint: 'POST /api/v1/me/password with your own.',
  },
  PASSWORD_TOO_WEAK: {
    status: 400,
    title: 'The password is too weak',
    hint: 'Use at least 12 characters, not the old password and not your login.',
  },
  FORBIDDEN: { status: 403, title: 'Your role may not do this', hint: 'Ask an admin for the role that is named.' },
  SCOPE_MISSING: { status: 403, title: 'The API token may not do this', hint: 'Make a token with the scope that is named.' },
  SESSION_NEEDED: { status: 403, title: 'Only a signed-in person may do this', hint: 'Use the console; API tokens are refused here.' },
  ORIGIN_REFUSED: {
    status: 403,
    title: 'Sent from another site',
    hint: "Use the console at the server's own address. Behind a proxy, set CORDON_PUBLIC_URL to the address that people open.",
  },
  NOT_FOUND: { status: 404, title: 'There is no such thing', hint: 'It may have been removed, or the id is mistyped.' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'The method is not allowed here', hint: 'Webhooks are posted.' },
  APPROVAL_CHANGED: { status: 409, title: 'What was shown is no longer what is asked', hint: 'Load the approval again and read it anew.' },
  APPROVAL_ENDED: { status: 409, title: 'It has been decided already', hint: 'Load it again to see what became of it.' },
  APPROVAL_EXPIRED: {
    status: 409,
    title: 'Its time is over',
    hint: 'Silence means no: the run stops there, unless its playbook says `on_denied`.',
  },
  APPROVAL_BEGUN: { status: 409, title: 'It was approved and has begun', hint: 'Use undo instead.' },
  APPROVAL_KIND: { status: 409, title: 'Wrong kind of decision', hint: 'Questions are answered, approvals are approved or denied.' },
  APPROVAL_CHOICE: { status: 400, title: 'Not one of its choices', hint: 'Answer with one of the choices that are named.' },
  ANSWER_INVALID: { status: 400, title: 'The answer does not fit the question', hint: 'Mend the fields that are named and send it again.' },
  APPROVAL_ROLE: { status: 403, title: 'Your role may not decide this', hint: 'Somebody with the role that is named must.' },
  APPROVAL_ADDRESSED: {
    status: 403,
    title: 'It is put to others',
    hint: 'Those who are named must. A responder may deny it all the same.',
  },
  APPROVAL_EXCLUDED: { status: 403, title: 'You may not decide this one', hint: 'Another person must.' },
  CONTAINED: {
    status: 403,
    title: 'This account is contained itself',
    hint: 'Let somebody else do it; once the account is released it may again.',
  },
  APPROVAL_TWICE: { status: 409, title: 'You have decided already', hint: 'Another person is needed.' },
  APPROVAL_STEP_UP: {
    status: 403,
    title: 'Prove again that it is you',
    hint: 'Give your password with the approval (`password`; the command line asks for it), or sign in again first.',
  },
  APPROVAL_REASON: {
    status: 400,
    title: 'A reason is needed',
    hint: 'Part of it cannot be taken back: say why it is right (`reason`; on the command line `--reason`).',
  },
  APPROVAL_ACKED: { status: 409, title: 'Somebody has it already', hint: 'That counts once for each approval; decide it, or let them.' },
  APPROVAL_FULL: { status: 409, title: 'There are too many comments already', hint: 'Talk about it in the ticket or in a channel.' },
  APPROVAL_NOT_ALIKE: {
    status: 409,
    title: 'They do not ask for the same',
    hint: 'Decide those of one playbook and step together, the others by themselves.',
  },
  PASSWORD_WRONG: { status: 403, title: 'That is not your password', hint: 'Try again; after a few failures each try has to wait.' },
  DELEGATION_REFUSED: { status: 409, title: 'They cannot stand in for you', hint: 'Name another person, or end other delegations first.' },
  RUN_ENDED: { status: 409, title: 'The run has ended', hint: 'What it did can still be undone.' },
  RUN_JOINED: { status: 409, title: 'A run with the same key is under way', hint: 'See the run that is named.' },
  PUBLISH_ELSEWHERE: { status: 409, title: 'Playbooks come from the folder', hint: 'Change the file there; it is published from there.' },
  PUBLISH_SECOND: {
    status: 403,
    title: 'Another person must put it in force',
    hint: 'Save it as a draft and let a second person publish that.',
  },
  NOT_HELD: { status: 409, title: 'Nothing is held by this entry', hint: 'Load it again to see what became of it.' },
  UNDO_CHANGED: {
    status: 409,
    title: 'Something else would be undone by now',
    hint: 'Nothing was undone. Read anew what would be, and ask again.',
  },
  SYNC_CHANGED: {
    status: 409,
    title: 'Something else is kept back by now',
    hint: 'Load it again and read it anew: cordon entities sync --status.',
  },
  NOT_OWED: { status: 409, title: 'This is no debt', hint: 'Load it again to see what became of it.' },
  RENEWAL_SECOND: { status: 409, title: 'Another person must confirm', hint: 'It is held for long: let a second person renew it.' },
  TRANSFER_REFUSED: {
    status: 409,
    title: 'The hold cannot be handed on',
    hint: 'It must be active, with nobody working on it, and the run a playbook run.',
  },
  NOT_FROZEN: { status: 409, title: 'It is not frozen', hint: 'See GET /api/v1/freeze for what is.' },
  FREEZE_SECOND: {
    status: 409,
    title: 'Another person must confirm',
    hint: 'Two people lift a freeze: let a second one ask for the same.',
  },
  PROOF_NEEDED: {
    status: 403,
    title: 'Prove again that it is you',
    hint: 'Send your password along (`password`), or sign in again first: this needs one that was given in the last 15 minutes.',
  },
  OWN_ACCOUNT: {
    status: 409,
    title: 'Not for your own account',
    hint: 'Another admin must; your own password you change under "Your account".',
  },
  NO_PASSWORD_HERE: { status: 409, title: 'The account has no password here', hint: 'They sign in at their identity provider.' },
  EMAIL_TAKEN: { status: 409, title: 'The address is taken', hint: 'Each address belongs to one person.' },
  LOGIN_TAKEN: { status: 409, title: 'The login is taken', hint: 'Choose another.' },
  LAST_ADMIN: { status: 409, title: 'This is the last admin', hint: 'Make somebody else admin first.' },
  TOO_LARGE: { status: 413, title: 'The body is too large', hint: 'At most 1 MiB for a webhook, 256 KiB elsewhere.' },
  UNSUPPORTED_TYPE: { status: 415, title: 'Not JSON', hint: 'Send `Content-Type: application/json` in UTF-8, without Content-Encoding.' },
  TOO_MANY: { status: 429, title: 'Too many requests', hint: 'Wait for the seconds in Retry-After.' },
  INTERNAL: { status: 500, title: 'A fault in Cordon', hint: 'The log has the details under the request id.' },
  STORE_FULL: { status: 503, title: 'The store is full', hint: 'Make room on its disk. Nothing was taken; send it again.' },
  STORE_UNAVAILABLE: { status: 503, title: 'The store does not answer', hint: 'Nothing was taken; send it again.' },
  NOT_READY: { status: 503, title: 'Not ready yet', hint: 'Wait for the seconds in Retry-After.' },
} as const satisfies Readonly<Record<string, ProblemRow>>;

export type ProblemCode = keyof typeof PROBLEMS;

export const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(PROBLEMS, code);

/** Members that only some problems have. */
type More = Pick<Problem, 'faults' | 'preview'>;

/** Thrown by handlers; the error handler makes the answer of it. */
export interface ProblemError extends Error, More {
  readonly problem: ProblemCode;
  readonly headers: Readonly<Record<string, string>>;
}

/** `detail` says what and where, and is shown: nothing secret, no stack. */
export function problem(code: ProblemCode, detail: string, headers: Readonly<Record<string, string>> = {}): ProblemError {
  return Object.assign(new Error(detail), { name: 'ProblemError', problem: code, headers });
}

export const isProblem = (error: unknown): error is ProblemError => error instanceof Error && error.name === 'ProblemError';

/** `retryAfterSeconds` is rounded up to at least 1. */
export const tooMany = (detail: string, retryAfterSeconds: number): ProblemError =>
  problem('TOO_MANY', detail, { 'retry-after': String(Math.max(1, Math.ceil(retryAfterSeconds))) });

/** At most this many faults are told; more are no help. */
const MAX_FAULTS = 100;

/** A form that does not fit: each field with what is wrong with it. */
export function formProblem(code: ProblemCode, faults: readonly FieldFault[]): ProblemError {
  const words = faults.slice(0, 10).map(({ field, message }) => `${field} ${message}`.trim());
  const more = faults.length > words.length ? ` and ${faults.length - words.length} more` : '';
  return Object.assign(problem(code, `${words.join('; ')}${more}`), { faults: faults.slice(0, MAX_FAULTS) });
}

/** Somebody asked for the undo of something else than would be undone by now. */
export const undoChanged = (preview: UndoPreview): ProblemError =>
  Object.assign(problem('UNDO_CHANGED', `By now it would be: ${preview.says}.`), { preview });

export function problemBody(code: ProblemCode, detail: string, { faults, preview }: More = {}): Problem {
  const { status, title, hint } = PROBLEMS[code];
  const more = { ...(faults ? { faults } : {}), ...(preview ? { preview } : {}) };
  return { type: `urn:cordon:error:${code.toLowerCase()}`, title, status, code, detail, hint, ...more };
}
