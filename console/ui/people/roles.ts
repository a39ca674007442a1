// Roles and scopes in words. A role has what the ones before it have, too.
import type { Role, Scope } from '../../../server/contract.ts';

export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  viewer: 'sees everything, and answers what is put to them by name',
  analyst: 'approves, denies, and takes pages',
  responder: 'starts and cancels runs, undoes, releases, suppresses, freezes',
  engineer: 'publishes playbooks, brings in the inventory, exports',
  admin: 'manages people',
};

// Object.entries forgets that the keys are roles.
const ROLES = Object.entries(ROLE_WORDS) as readonly (readonly [Role, string])[];

export const ROLE_NAMES: readonly string[] = ROLES.map(([role]) => role);

/** A newer server may know others. */
export const roleWords = (role: string): string => new Map<string, string>(ROLES).get(role) ?? 'a role that this page does not know';

/** What a token can be made for. */
export const SCOPE_WORDS: readonly (readonly [Scope, string])[] = [
  ['read', 'see everything'],
  ['approve', 'approve, deny, answer'],
  ['respond', 'start, cancel, undo, release, suppress, freeze'],
  ['publish', 'publish playbooks, bring in the inventory'],
  ['admin', 'see who may sign in'],
];
