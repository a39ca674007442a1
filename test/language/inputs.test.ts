import { describe, expect, it } from '@jest/globals';
import { checkInput, checkInputs } from '../../language/inputs.ts';
import type { Input, Json } from '../../language/plan.ts';

const input = (type: string, more: Partial<Input> = {}): Input => ({ type, list: false, optional: false, ...more });

describe('inputs', () => {
  it.each<[string, Json]>([
    ['user', { id: 'user-007' }],
    ['user', { name: 'Eve', other: 1 }],
    ['user', 'eve@example.test'],
    ['host', { ip: '192.0.2.1' }],
    ['ip', '2001:db8::1'],
    ['url', 'https://example.test/a?b'],
    ['message', { from: 'a@example.test', subject: 'x' }],
    ['number', 0],
    ['boolean', false],
    ['severity', 'high'],
    ['duration', '14d'],
    ['map', {}],
  ])('%s takes %j', (type, value) => {
    expect(checkInput(input(type), value)).toBeUndefined();
  });

  it.each<[string, Json]>([
    ['user', { id: '', name: ' ' }],
    ['user', { login: 'eve' }],
    ['user', [{ id: 'a' }]],
    ['user', ' '],
    ['user', 7],
    ['ip', '10.0.0.1, 10.0.0.2'],
    ['ip', '10.0.0.0/8'],
    ['ip', { ip: '10.0.0.1' }],
    ['domain', 'https://example.test'],
    ['url', 'example'],
    ['number', '7'],
    ['severity', 'High'],
    ['duration', 'soon'],
    ['text', ''],
    ['nothing', 'a'],
  ])('%s does not take %j', (type, value) => {
    expect(typeof checkInput(input(type), value)).toBe('string');
  });

  it('a list is checked member by member, without telling values', () => {
    expect(checkInput(input('ip', { list: true }), ['192.0.2.1', 'made-up-secret'])).toBe('member 2 must be one IP address');
    expect(checkInput(input('ip', { list: true }), '192.0.2.1')).toBe('must be a list of ip');
  });

  it('fills defaults and nulls, and tells all faults', () => {
    const declared = {
      user: input('user'),
      ip: input('ip', { optional: true }),
      note: input('text', { default: 'none' }),
      tags: input('text', { list: true }),
    };
    expect(checkInputs(declared, { user: { id: 'a' }, tags: ['x'] })).toEqual({
      ok: true,
      inputs: { user: { id: 'a' }, ip: null, note: 'none', tags: ['x'] },
    });
    const faults = checkInputs(declared, { user: { id: '' }, ip: 'x', tags: [], other: 1 });
    expect(faults).toEqual({
      ok: false,
      faults: [
        { input: 'other', message: 'the playbook has no such input' },
        { input: 'user', message: 'is needed, and no user was given' },
        { input: 'ip', message: 'must be one IP address' },
        { input: 'tags', message: 'is needed, and no list of text was given' },
      ],
    });
  });
});
