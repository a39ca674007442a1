// Passwords of local accounts: argon2id, 19 MiB, two passes (about 12 ms). A few at a time, so that sign-ins cannot take the machine.
import { hash, verify } from '@node-rs/argon2';
import { problem, tooMany } from './problems.ts';

const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const AT_ONCE = 2;
const MAX_WAITING = 50;
const PASSWORD_CHARS = { least: 12, most: 256 } as const;

export interface Passwords {
  hash(password: string): Promise<string>;
  /** `stored` is null for an account that is not there: it takes the same time, and is false. */
  verify(stored: string | null, password: string): Promise<boolean>;
}

export function passwords(): Passwords {
  let working = 0;
  const waiting: (() => void)[] = [];
  const turn = async <T>(work: () => Promise<T>): Promise<T> => {
    if (waiting.length >= MAX_WAITING) throw tooMany('too many people sign in at once', 2);
    if (working >= AT_ONCE) await new Promise<void>((go) => waiting.push(go));
    working += 1;
    try {
      return await work();
    } finally {
      working -= 1;
      waiting.shift()?.();
    }
  };
  const nobody = hash('the password of nobody', COST);
  return {
    hash: (password) => turn(() => hash(password, COST)),
    verify: (stored, password) =>
      turn(async () => {
        const isRight = await verify(stored ?? (await nobody), password);
        return stored !== null && isRight;
      }),
  };
}

/** Throws PASSWORD_TOO_WEAK. Length is what counts; composition rules are not. */
export function checkPassword(next: string, login: string, current?: string): void {
  const { least, most } = PASSWORD_CHARS;
  if ([...next].length < least || next.length > most) throw problem('PASSWORD_TOO_WEAK', `A password has ${least} to ${most} characters.`);
  if (next === current) throw problem('PASSWORD_TOO_WEAK', 'The new password is the old one.');
  const isObvious = next.toLowerCase().includes(login.toLowerCase()) && next.length < login.length + 8;
  if (isObvious || new Set(next).size < 5) throw problem('PASSWORD_TOO_WEAK', 'The new password is too easy to guess.');
}
