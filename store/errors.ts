// What can be wrong with the store itself, as codes that callers branch on. Anything else (a broken constraint, bad SQL) is a bug or theirs to know.

export type StoreErrorCode =
  | 'STORE_IN_USE'
  | 'STORE_NEWER'
  | 'STORE_DAMAGED'
  | 'STORE_NOT_FOR_PRODUCTION'
  | 'STORE_EMPTY'
  | 'STORE_NOT_EMPTY'
  | 'BACKUP_DAMAGED'
  | 'STORE_FULL'
  | 'STORE_UNAVAILABLE'
  | 'STORE_CONFLICT';

export interface StoreError extends Error {
  readonly code: StoreErrorCode;
  /** The same call may work later, with nothing repaired by hand. */
  readonly retryable: boolean;
}

const RETRYABLE: Readonly<Record<StoreErrorCode, boolean>> = {
  STORE_IN_USE: false,
  STORE_NEWER: false,
  STORE_DAMAGED: false,
  STORE_NOT_FOR_PRODUCTION: false,
  STORE_EMPTY: false,
  STORE_NOT_EMPTY: false,
  BACKUP_DAMAGED: false,
  STORE_FULL: true, // once somebody has made room
  STORE_UNAVAILABLE: true,
  STORE_CONFLICT: true,
};

export function storeError(code: StoreErrorCode, message: string, cause?: unknown): StoreError {
  const error = new Error(message, cause === undefined ? undefined : { cause });
  return Object.assign(error, { name: 'StoreError', code, retryable: RETRYABLE[code] });
}

export function isStoreError(error: unknown): error is StoreError {
  return error instanceof Error && error.name === 'StoreError' && codeOf(error) !== undefined;
}

/** A StoreError where the store is at fault (full, away, busy with somebody else), with `error` as its cause; null where it is not. */
export function classifyStoreError(error: unknown): StoreError | null {
  if (isStoreError(error)) return error;
  const code = firstCode(error);
  const say = (kind: StoreErrorCode, message: string) => storeError(kind, message, error);
  if (isFull(code)) return say('STORE_FULL', 'The disk under the store is full. Make room; Cordon goes on by itself then.');
  if (isAway(code, error))
    return say('STORE_UNAVAILABLE', `The database cannot be reached (${code ?? messageOf(error)}). It is tried again.`);
  if (isConflict(code))
    return say('STORE_CONFLICT', `The database gave another transaction precedence (${code}). Repeat the whole transaction.`);
  return null;
}

// SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html
function isFull(code: string | undefined): boolean {
  return code === '53100' || code === 'ENOSPC' || code === 'EDQUOT';
}

const AWAY = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
/** 57014: our own statement_timeout · 57P01-5: shutting down, starting · 53300: too many connections · 25006: a read-only standby. */
const AWAY_STATES = new Set([
  '57014',
  '57P01',
  '57P02',
  '57P03',
  '57P05',
  '53300',
  '53200',
  '53400',
  '25006',
  '25P03',
  '58030',
  'XX001',
  'XX002',
]);
/** pg says these without a code. */
const AWAY_TEXTS = [
  'Connection terminated',
  'timeout exceeded when trying to connect',
  'Query read timeout',
  'Client has encountered a connection error',
  'Cannot use a pool after calling end',
  'Client was closed',
  'driver has already been destroyed',
];

function isAway(code: string | undefined, error: unknown): boolean {
  if (code !== undefined && (AWAY.has(code) || AWAY_STATES.has(code) || code.startsWith('08'))) return true;
  const text = messageOf(error);
  return code === undefined && AWAY_TEXTS.some((known) => text.includes(known));
}

/** Serialization failure, deadlock, lock not available. */
function isConflict(code: string | undefined): boolean {
  return code === '40001' || code === '40P01' || code === '55P03';
}

/** SQLSTATE class 22: the values themselves cannot be kept. The same statement fails each time it is tried. */
export const isDataError = (error: unknown): boolean => /^22[0-9A-Z]{3}$/.test(firstCode(error) ?? '');

/** PGlite's file system throws WASI's numbers. */
const WASM_ENOSPC = 51;

/** The code of the error or of what caused it; an AggregateError (a host with several addresses) has them inside. */
function firstCode(error: unknown, depth = 0): string | undefined {
  if (depth > 4 || typeof error !== 'object' || error === null) return undefined;
  const own = codeOf(error) ?? ('errno' in error && error.errno === WASM_ENOSPC ? 'ENOSPC' : undefined);
  if (own !== undefined) return own;
  const inner: readonly unknown[] = 'errors' in error && Array.isArray(error.errors) ? error.errors : [];
  const causes = 'cause' in error ? [...inner, error.cause] : inner;
  return causes.map((cause) => firstCode(cause, depth + 1)).find((code) => code !== undefined);
}

/** The `code` of a system's or a driver's error. Not by instanceof: errors may come from another realm (a worker's, a test's). */
export function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Of whatever was thrown. */
export function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}
