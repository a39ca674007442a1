import { describe, expect, it } from '@jest/globals';
import type { Input } from '../../language/plan.ts';
import { type FindEntities, nameEntities } from '../../server/name-entities.ts';

const input = (type: string, list = false): Input => ({ type, list, optional: false });
const eve = { id: 'user-007', name: 'Eve Adams', aliases: ['eve', 'eve@example.test'] };
const twin = { id: 'user-008', name: 'Eve Adams', aliases: ['eve2'] };
const find: FindEntities = (kind, name) => {
  if (name === 'silent') return Promise.reject(new Error('the product does not answer'));
  if (kind === 'host') return Promise.resolve(name === 'wks-007' ? [{ id: 'dev-1', name: 'wks-007', aliases: ['10.0.0.7'] }] : []);
  return Promise.resolve([eve, twin].filter((one) => one.id === name || one.name === name || one.aliases.includes(name)));
};

describe('a name that a person typed', () => {
  it('becomes the one thing that has it', async () => {
    const named = await nameEntities(
      { user: input('user'), hosts: input('host', true) },
      { user: 'eve@example.test', hosts: ['wks-007'] },
      find,
    );
    expect(named).toEqual({
      inputs: { user: { id: 'user-007', name: 'Eve Adams', email: 'eve@example.test' }, hosts: [{ id: 'dev-1', name: 'wks-007' }] },
      faults: [],
    });
  });

  it('of nobody, or of two, is a fault of its input', async () => {
    const declared = { user: input('user'), hosts: input('host', true) };
    expect((await nameEntities(declared, { user: 'Eve Adams', hosts: ['wks-007', 'wks-999'] }, find)).faults).toEqual(
      [
        { field: 'hosts', message: 'names no host that is known here' },
        { field: 'user', message: 'is the name of 2 users: use the id' },
      ].toSorted((a, b) => b.field.localeCompare(a.field)),
    );
  });

  it('stays a name where no product answered, and what was given as a thing is not looked up', async () => {
    expect((await nameEntities({ user: input('user') }, { user: 'silent' }, find)).inputs.user).toEqual({ id: 'silent', name: 'silent' });
    expect((await nameEntities({ user: input('user') }, { user: 'eve' }, undefined)).inputs.user).toEqual({ id: 'eve', name: 'eve' });
    expect((await nameEntities({ user: input('user') }, { user: { id: 'x' } }, find)).inputs.user).toEqual({ id: 'x' });
    expect((await nameEntities({ note: input('text') }, { note: 'eve' }, find)).inputs.note).toBe('eve');
  });
});
