// What the console and docs/people.md say of roles and scopes, held against the table that decides.
import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { ROLE_WORDS, SCOPE_WORDS } from '../../console/ui/people/roles.ts';
import { ROLES } from '../../policy/roles.ts';
import { ACCESS } from '../../server/access.ts';

it('the page of people has the roles in their order, in the words of the console', () => {
  const page = readFileSync('docs/people.md', 'utf8');
  const rows = [...page.matchAll(/^\| `(\w+)` \| (.+) \|$/gm)].map(([, role, words]) => [role, words]);
  expect(rows).toEqual(ROLES.map((role) => [role, ROLE_WORDS[role]]));
});

it('a token is offered every scope that opens something, and none that opens nothing', () => {
  const opening = Object.values(ACCESS).flatMap((access) => (access === 'public' || access.sessionOnly ? [] : [access.scope]));
  expect(SCOPE_WORDS.map(([scope]) => scope).toSorted()).toEqual([...new Set(opening)].toSorted());
});
