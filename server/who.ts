// Who sends a request, and what that lets them do at most.
import type { Person } from '../store/people.ts';
import type { Me, Role, Scope } from './contract.ts';

export interface Who {
  readonly person: Person;
  readonly role: Role;
  /** slack: a click whose signature and identity were checked. */
  readonly via: 'session' | 'token' | 'slack';
  readonly scopes: readonly Scope[];
  /** Of a session's cookie. */
  readonly sessionHash?: string;
  /** When they have last proven who they are; absent: a token says nothing of it. */
  readonly authAt?: Date;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guard on every route that is not public. */
    who: Who | null;
  }
}

/** What each role adds to the one before it. */
const ADDS: readonly (readonly [Role, readonly Scope[]])[] = [
  // approve: to say yes or no at all. A viewer may answer what is put to them by name; approvals need a higher role.
  ['viewer', ['read', 'approve']],
  ['analyst', ['alerts:send']],
  ['responder', ['respond']],
  ['engineer', ['publish']],
  ['admin', ['admin']],
];

/** Everything that a person of this role may do; an unknown role may do nothing. */
export function scopesOf(role: string): readonly Scope[] {
  const rank = ADDS.findIndex(([name]) => name === role);
  return ADDS.slice(0, rank + 1).flatMap(([, scopes]) => scopes);
}

export const meOf = (who: Who): Me => ({
  id: who.person.id,
  name: who.person.name,
  login: who.person.login,
  ...(who.person.email === null ? {} : { email: who.person.email }),
  role: who.role,
  mustChangePassword: who.person.oneTime,
  scopes: who.scopes,
  ...(who.authAt === undefined ? {} : { provenAt: who.authAt.toISOString() }),
});
