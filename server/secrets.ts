// Random values that are given out once, and the hashes that are kept of them.
import { createHash, randomBytes } from 'node:crypto';

/** 256 bits. */
export const newSessionToken = (): string => randomBytes(32).toString('base64url');
export const newApiToken = (): string => `cdn_${randomBytes(32).toString('base64url')}`;

const LETTERS = 'abcdefghjkmnpqrstvwxyz23456789'; // none that look alike
/** 20 letters, 98 bits, in fours: to be read from a terminal and typed once. */
export function newOneTimePassword(): string {
  const letters: string[] = [];
  while (letters.length < 20) {
    // 30 letters: what is above the last multiple of 30 is thrown away, so that none is likelier.
    for (const byte of randomBytes(32)) if (byte < 240 && letters.length < 20) letters.push(LETTERS.charAt(byte % 30));
  }
  return [0, 4, 8, 12, 16].map((at) => letters.slice(at, at + 4).join('')).join('-');
}

/** The values are random, so a plain hash is enough. */
export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('hex');
