import { describe, expect, it } from '@jest/globals';
import { checkForm, type Field, type Form } from '../../language/form.ts';
import { checkRows, labelOf, makeRows, rowsByName } from '../../language/rows.ts';

const field = (type: Field['type'], more: Partial<Field> = {}): Field => ({ name: 'it', type, label: type, optional: false, ...more });
const faultOf = (one: Field, value: unknown): string | undefined => {
  const checked = checkForm([one], { it: value });
  return checked.ok ? undefined : checked.faults[0]?.message;
};

describe('a form', () => {
  it.each([
    [field('text'), 7],
    [field('text'), 'a\u0000b'],
    [field('text'), '\ud800'],
    [field('text', { max: 3 }), 'four'],
    [field('text', { min: 3 }), 'ab'],
    [field('number'), '7'],
    [field('number'), Number.NaN],
    [field('number', { min: 1, max: 5 }), 6],
    [field('boolean'), 'true'],
    [field('choice', { choices: ['a', 'b'] }), 'c'],
    [field('choice', { choices: ['a', 'b'] }), ['a']],
    [field('date'), '2026-02-29'],
    [field('date'), '2026-2-1'],
    [field('date', { from: '2026-01-01', to: '2026-12-31' }), '2027-01-01'],
    [field('ip'), '10.0.0'.repeat(20)],
    [field('ip'), 'not an address'],
    [field('user'), 'eve\u202eadams'],
    [field('user'), { id: 'user-007' }],
    [field('host'), 'x'.repeat(400)],
    [field('url'), 'no url'],
  ])('does not take %j with %j', (one, value) => {
    expect(faultOf(one, value)).toMatch(/^(must|has)/);
  });

  it.each([
    [field('text'), 'Grüße 👋\nzweite Zeile'],
    [field('text', { max: 2 }), '👋👋'],
    [field('number', { min: 0 }), 0],
    [field('boolean'), false],
    [field('choice', { choices: ['a', 'b'] }), 'b'],
    [field('date'), '2028-02-29'],
    [field('ip'), '2001:db8::1'],
    [field('user'), 'eve@example.com'],
    [field('domain'), 'example.com'],
  ])('takes %j with %j as it is', (one, value) => {
    expect(checkForm([one], { it: value })).toEqual({ ok: true, value: { it: value } });
  });

  it('tells every fault, of fields that are not there too, and never a value', () => {
    const form: Form = [
      field('user', { name: 'user' }),
      field('number', { name: 'count' }),
      field('text', { name: 'note', optional: true }),
    ];
    const checked = checkForm(form, { count: 'secret', extra: 1, user: '  ' });
    expect(checked).toEqual({
      ok: false,
      faults: [
        { field: 'extra', message: 'is no field of the form' },
        { field: 'user', message: 'must be filled in' },
        { field: 'count', message: 'must be a number' },
      ],
    });
  });

  it('has null where an optional field was left empty, and knows nothing of what JavaScript hangs on objects', () => {
    expect(checkForm([field('text', { name: 'note', optional: true })], {})).toEqual({ ok: true, value: { note: null } });
    expect(checkForm([], JSON.parse('{"__proto__":{"a":1}}'))).toMatchObject({ ok: false });
    expect(faultOf(field('text'), Object.create({ it: 'inherited' }))).toBe('must be text');
    expect(checkForm([field('text', { name: 'constructor', optional: true })], {})).toEqual({ ok: true, value: { constructor: null } });
  });

  it.each([null, 'text', 7, [], [{}]])('is not %j', (given) => {
    expect(checkForm([], given)).toMatchObject({ ok: false });
  });
});

describe('rows', () => {
  const eve = { id: 'user-007', name: 'Eve Adams', email: 'eve@example.com' };
  const ben = { id: 'user-008', name: 'Ben Ash', email: 'ben@example.com' };
  const rows = { items: makeRows([eve, ben]), choices: ['keep', 'remove'] };
  const [first, second] = rows.items.map(({ id }) => id);

  it('have ids of what they are, whatever their place; equal ones are counted', () => {
    expect(makeRows([ben, eve]).map(({ id }) => id)).toEqual([second, first]);
    expect(makeRows([{ email: eve.email, name: eve.name, id: eve.id }])[0]?.id).toBe(first);
    const ids = makeRows([eve, eve, eve]).map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
  });

  it('need one answer each, and take none for a row that is not there', () => {
    expect(checkRows(rows, { [first ?? '']: 'keep', [second ?? '']: 'remove' })).toMatchObject({ ok: true });
    expect(checkRows(rows, { [first ?? '']: 'keep' })).toEqual({ ok: false, faults: [{ field: second, message: 'has no answer' }] });
    expect(checkRows(rows, { [first ?? '']: 'keep', [second ?? '']: 'fire' })).toMatchObject({ ok: false });
    expect(checkRows(rows, { [first ?? '']: 'keep', [second ?? '']: 'remove', deadbeef: 'remove' })).toMatchObject({ ok: false });
    expect(checkRows(rows, ['keep', 'remove'])).toMatchObject({ ok: false });
  });

  it('can be named as people name them; a name of two rows is refused', () => {
    expect(rowsByName(rows, { '*': 'keep', 'ben@example.com': 'remove' })).toEqual({
      ok: true,
      value: { [first ?? '']: 'keep', [second ?? '']: 'remove' },
    });
    expect(rowsByName(rows, { Nobody: 'remove' })).toMatchObject({ ok: false });
    const twins = { ...rows, items: makeRows([eve, { ...ben, name: eve.name }]) };
    expect(rowsByName(twins, { 'Eve Adams': 'remove' })).toMatchObject({ ok: false, faults: [{ message: 'is the name of several rows' }] });
  });

  it('are called what people call them, on one line', () => {
    expect(labelOf(eve)).toBe('Eve Adams (eve@example.com)');
    expect(labelOf('one\ntwo')).toBe('one two');
    expect(labelOf({ rank: 3 })).toBe('{"rank":3}');
    expect(labelOf('x'.repeat(5000)).length).toBe(200);
  });
});
