// The one who reads or decides an approval, with what they are addressed by.
import { NOBODY, placesOf } from '../policy/addressed.ts';
import type { Decider } from '../policy/approval.ts';
import type { ServerDeps } from './deps.ts';
import type { Who } from './who.ts';

export function readerOf(
  { directory = NOBODY, now }: Pick<ServerDeps, 'directory' | 'now'>,
  { person, role }: Who,
): Decider & { readonly name: string } {
  const { id, iss, sub, name, login } = person;
  return { id, iss, sub, role, name, ...placesOf(directory, [id, login], now().getTime()) };
}
