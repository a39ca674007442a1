// Standard Webhooks 1.0, checked on the raw bytes and more strictly than its reference libraries: one spelling of each part, nothing else.
import { createHmac, timingSafeEqual } from 'node:crypto';

/** Signatures older or newer than this are refused, seconds. */
const TOLERANCE_SECONDS = 300;
const MAX_SIGNATURES = 10;
const SECRET_BYTES = { least: 24, most: 64 } as const;

/** No "." (it separates the signed parts), no blanks, bounded. */
const ID = /^[A-Za-z0-9_\-:+=/~]{1,200}$/;
const TIMESTAMP = /^[0-9]{10}$/;
/** 32 bytes in padded base64. */
const SIGNATURE = /^v1,([A-Za-z0-9+/]{43}=)$/;

export interface SignedPost {
  readonly id: string | undefined;
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
  readonly body: Uint8Array;
}

/** More signatures than anybody needs: refused before any of them is computed. */
export const hasTooManySignatures = (signature: string | undefined): boolean =>
  signature !== undefined && signature.split(' ', MAX_SIGNATURES + 1).length > MAX_SIGNATURES;

/** True: one signature fits one of the secrets, and the timestamp is within the window. */
export function isSigned(post: SignedPost, secrets: readonly string[], now: Date): boolean {
  const { id, timestamp, signature } = post;
  const isWellFormed = id !== undefined && ID.test(id) && timestamp !== undefined && TIMESTAMP.test(timestamp) && signature !== undefined;
  if (!isWellFormed || hasTooManySignatures(signature)) return false;
  const isTimely = Math.abs(now.getTime() / 1000 - Number(timestamp)) <= TOLERANCE_SECONDS;
  const given = signature.split(' ').flatMap(decodeSignature);
  // Every secret is tried against every signature, whatever the outcome so far: the time taken says nothing.
  const fits = secrets.flatMap(decodeSecret).map((key) => {
    const wanted = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(post.body).digest();
    return given.map((one) => timingSafeEqual(one, wanted)).includes(true);
  });
  return isTimely && fits.includes(true);
}

/** For senders of our own (the command line, tests): the header's value. Throws when the secret is malformed. */
export function signPost(id: string, timestamp: string, body: Uint8Array, secret: string): string {
  const key = decodeSecret(secret)[0];
  if (!key) throw new Error('a webhook secret is `whsec_` and 24 to 64 bytes in base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`;
}

/** Other versions are skipped; a v1 that is not canonical base64 of 32 bytes is none. */
function decodeSignature(part: string): readonly Buffer[] {
  const text = SIGNATURE.exec(part)?.[1];
  if (text === undefined) return [];
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === 32 && bytes.toString('base64') === text ? [bytes] : [];
}

/** A secret that is malformed, too short or too long fits nothing. */
function decodeSecret(secret: string): readonly Buffer[] {
  const text = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1];
  if (text === undefined) return [];
  const bytes = Buffer.from(text, 'base64');
  const isRightLength = bytes.length >= SECRET_BYTES.least && bytes.length <= SECRET_BYTES.most;
  return isRightLength && bytes.toString('base64') === text ? [bytes] : [];
}
