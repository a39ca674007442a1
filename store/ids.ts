// Ids that sort by time: a prefix and a ULID, as in run_01JD3M…. Made by us, never taken from outside.
import { randomBytes } from 'node:crypto';

/** Crockford's base 32: no I, L, O, U. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_DIGITS = 10; // 48 bits of milliseconds
const RANDOM_BYTES = 10; // 80 bits: 16 digits

export type RandomBytes = (count: number) => Uint8Array;

/** `now` in ms since 1970 or as Date. Two ids of the same millisecond sort by chance. */
export function newId<Prefix extends string>(prefix: Prefix, now: Date | number, random: RandomBytes = randomBytes): `${Prefix}_${string}` {
  return `${prefix}_${timeDigits(Number(now))}${randomDigits(random(RANDOM_BYTES))}`;
}

function timeDigits(ms: number): string {
  if (!Number.isFinite(ms) || ms < 0 || ms >= 2 ** 48) throw new Error(`No id can be made for the time ${ms}`);
  let rest = Math.floor(ms);
  let text = '';
  for (let at = 0; at < TIME_DIGITS; at++) {
    text = DIGITS.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

function randomDigits(bytes: Uint8Array): string {
  let text = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += DIGITS.charAt((held >> bits) & 31);
    }
    held &= (1 << bits) - 1;
  }
  return text;
}
