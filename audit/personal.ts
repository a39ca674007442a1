// What of an event may have to be erased one day (a person's name, an address, what somebody wrote) is kept apart from what is chained for ever.
import { canonical } from './canonical.ts';
import type { Facts } from './event.ts';

/** Members of a body that go to its erasable part, wherever they come from. */
const PERSONAL_MEMBERS: ReadonlySet<string> = new Set([
  'address',
  'answer',
  'email',
  'entity',
  'entityId',
  'entityName',
  'ip',
  'login',
  'name',
  'note',
  'peer',
  'reason',
  'says',
  'target',
  'title',
]);

export interface SplitFacts {
  readonly chained: Facts;
  /** null: nothing personal in it. */
  readonly personal: Facts | null;
}

export function splitPersonal(body: Facts): SplitFacts {
  const entries = Object.entries(body).filter(([, fact]) => fact !== undefined);
  const personal = entries.filter(([name]) => PERSONAL_MEMBERS.has(name));
  if (personal.length === 0) return { chained: body, personal: null };
  return {
    chained: Object.fromEntries(entries.filter(([name]) => !PERSONAL_MEMBERS.has(name))),
    personal: Object.fromEntries(personal),
  };
}

/** The facts of an event as they were said; erased ones are missing. */
export function joinPersonal(chained: Facts, personal: Facts | null): Facts {
  if (!personal) return chained;
  const { salt: _, ...facts } = personal;
  return { ...chained, ...facts };
}

/** Text to store beside the digest over it. */
export function saltedPersonal(personal: Facts, salt: string): string {
  return canonical({ ...personal, salt });
}
