import { describe, expect, it } from '@jest/globals';
import { evaluate, parseExpression } from '../../language/cel.ts';

const numbers = Array.from({ length: 3000 }, (_, index) => index);
const roots = {
  inputs: Object.assign(Object.create(null), { user: { id: 'u-1', name: 'Eve' }, ip: null, n: 7, half: 3.5 }),
  alert: {
    users: [{ id: 'a' }],
    ips: ['192.0.2.1', '192.0.2.1'],
    numbers,
    secret: 'made-up-secret',
    $typeName: 'google.protobuf.Any',
    constructor: 'mine',
  },
};
const value = (source: string): unknown => {
  const evaluation = evaluate(source, roots);
  return evaluation.ok ? evaluation.value : evaluation.error.code;
};

describe('expressions', () => {
  it.each([
    ['inputs.ip != null', false],
    ['inputs.n + 1', 8],
    ['inputs.n - 0.5', 6.5],
    ['inputs.n % 2', 1],
    ['inputs.n / 2', 3.5],
    ['7 / 2', 3],
    ['inputs.n >= 7 && inputs.n < 7.5', true],
    ['inputs.n == 7', true],
    ['inputs.half * 2 == 7', true],
    ['alert.numbers[inputs.n - 4]', 3],
    ['-inputs.n', -7],
    ['inputs["user"].name', 'Eve'],
    ["{'a': [1, inputs.half, null, true]}", { a: [1, 3.5, null, true] }],
    ['alert.users', [{ id: 'a' }]],
  ])('%s is %j', (source, expected) => {
    expect(value(source)).toEqual(expected);
  });

  it.each(['toString', '__proto__', 'constructor', 'hasOwnProperty', 'unknown', 'alert.users.exists(u, other)'])(
    'the name %s is not known',
    (source) => {
      expect(value(source)).toBe('EXPRESSION_UNKNOWN_NAME');
    },
  );

  it.each([
    'alert.__proto__',
    'alert.toString',
    'inputs.user.constructor',
    "inputs['__proto__']",
    'alert.users[5]',
    'alert.users[0].name',
    'inputs.ip.x',
  ])('the member %s is not there', (source) => {
    expect(value(source)).toBe('EXPRESSION_MISSING');
  });

  it('takes what a stranger calls $typeName or constructor for plain text', () => {
    expect(value('alert.constructor')).toBe('mine');
    expect(value("get(alert, '$typeName', '')")).toBe('google.protobuf.Any');
  });

  it.each([
    ['', 'EXPRESSION_EMPTY'],
    ['a == b &&', 'EXPRESSION_SYNTAX'],
    [`'${'x'.repeat(4096)}'`, 'EXPRESSION_TOO_LONG'],
    [Array(200).fill('1').join(' + '), 'EXPRESSION_TOO_LARGE'],
    ['['.repeat(2000), 'EXPRESSION_TOO_NESTED'],
    ['[1].all(a, [1].all(b, [1].all(c, true)))', 'EXPRESSION_TOO_NESTED'],
    ['timestamp("2026-01-01T00:00:00Z")', 'EXPRESSION_UNKNOWN_FUNCTION'],
    ['bytes("x")', 'EXPRESSION_UNKNOWN_FUNCTION'],
    ['b"x"', 'EXPRESSION_UNSUPPORTED'],
    ['1u', 'EXPRESSION_UNSUPPORTED'],
    ['google.protobuf.Any{}', 'EXPRESSION_UNSUPPORTED'],
    ['inputs.user.name.matches(inputs.user.name)', 'EXPRESSION_PATTERN'],
    ["'a'.matches('(?=a)')", 'EXPRESSION_PATTERN'],
    ["lower('a', 'b')", 'EXPRESSION_TYPE'],
    ["'a'.lower()", 'EXPRESSION_TYPE'],
    ["'a' > 1", 'EXPRESSION_TYPE'],
    ['inputs.n / 0', 'EXPRESSION_FAILED'],
    ['1.0 / 0.0', 'EXPRESSION_FAILED'],
    ['9007199254740993', 'EXPRESSION_RESULT'],
    ['{1: 2}', 'EXPRESSION_RESULT'],
  ])('refuses, case %#', (source, code) => {
    const parsed = parseExpression(source);
    expect(parsed.ok ? value(source) : parsed.error.code).toBe(code);
    expect(value(source)).toBe(code);
  });

  it('ends loops over much data after a fixed number of steps', () => {
    expect(value('alert.numbers.all(i, alert.numbers.all(j, i + j >= 0))')).toBe('EXPRESSION_BUDGET');
    expect(value('alert.numbers.exists(i, alert.numbers == [i])')).toBe('EXPRESSION_BUDGET');
    expect(value('true || alert.numbers.all(i, alert.numbers.all(j, true))')).toBe(true);
    expect(value('size(alert.numbers.map(i, i * 2).filter(i, i % 3 == 0))')).toBe(1000);
  });

  it('builds no text of a size that would hurt', () => {
    const long = { x: 'a'.repeat(400_000), l: Array(40_000).fill(1) };
    expect(evaluate('x + x + x', long)).toMatchObject({ ok: false, error: { code: 'EXPRESSION_SIZE' } });
    expect(evaluate('size(l + l + l)', long)).toMatchObject({ ok: false, error: { code: 'EXPRESSION_SIZE' } });
    const doubling = `['xxxxxxxx']${'.map(a, a + a + a + a + a + a + a + a)'.repeat(8)}`;
    expect(['EXPRESSION_SIZE', 'EXPRESSION_BUDGET']).toContain(value(doubling));
    expect(evaluate('x', { x: 'a'.repeat(1_100_000) })).toMatchObject({ ok: false, error: { code: 'EXPRESSION_SIZE' } });
  });

  it('matches in linear time, and looks through bounded text only', () => {
    const hostile = `${'a'.repeat(50_000)}!`;
    const before = performance.now();
    expect(evaluate("x.matches('^(a+)+$')", { x: hostile })).toEqual({ ok: true, value: false });
    expect(performance.now() - before).toBeLessThan(2000);
    expect(evaluate("x.matches('a')", { x: 'a'.repeat(200_000) })).toMatchObject({ ok: false, error: { code: 'EXPRESSION_SIZE' } });
  });

  it.each([
    'int(alert.secret)',
    'alert.secret > 3',
    'alert[alert.secret]',
    'alert.users[0][alert.secret]',
    'bool(alert.secret)',
    '{alert.secret: 1, alert.secret: 2}',
    'alert.secret + 1',
    'alert.secret[0]',
  ])('the error of %s holds no value', (source) => {
    const evaluation = evaluate(source, roots);
    expect(evaluation.ok).toBe(false);
    expect(JSON.stringify(evaluation)).not.toContain('made-up');
  });

  it.each([
    ['a function', () => 1],
    ['a number that is none', Number.NaN],
    ['bigint', 1n],
    ['data nested too deeply', JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`)],
  ])('refuses %s as data', (_, x) => {
    expect(evaluate('x', { x })).toMatchObject({ ok: false, error: { code: 'EXPRESSION_DATA' } });
  });

  it('says what it reads and calls', () => {
    const parsed = parseExpression("size(steps.a.rows.filter(r, r.ok && has(inputs.user.email))) > 1 || get(steps, 'b.c.0', '') == 'x'");
    expect(parsed).toMatchObject({
      ok: true,
      expression: {
        roots: ['steps', 'inputs'],
        reads: [
          { root: 'steps', path: ['a', 'rows'], asked: 'no', offset: 5 },
          { root: 'inputs', path: ['user', 'email'], asked: 'has' },
          { root: 'steps', path: ['b', 'c', '[]'], asked: 'get' },
        ],
      },
    });
    const called = parsed.ok ? parsed.expression.calls.map((call) => call.name).sort() : [];
    expect(called).toEqual(['filter', 'get', 'has', 'size']);
  });

  it('answers the same for a text whether it was seen before or not', () => {
    for (let index = 0; index < 1200; index += 1) expect(evaluate(`inputs.n + ${index}`, roots)).toEqual({ ok: true, value: 7 + index });
    expect(evaluate('inputs.n + 0', roots)).toEqual({ ok: true, value: 7 });
  });
});
