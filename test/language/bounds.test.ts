// Every bound of expressions, at it and one above. docs/reference/expressions.md names them.
import { describe, expect, it } from '@jest/globals';
import { evaluate, parseExpression } from '../../language/cel.ts';

const said = (source: string, roots: Readonly<Record<string, unknown>> = {}): string => {
  const evaluation = evaluate(source, roots);
  return evaluation.ok ? 'ok' : evaluation.error.code;
};
const checked = (source: string): string => {
  const parsed = parseExpression(source);
  return parsed.ok ? 'ok' : parsed.error.code;
};
const list = (length: number): readonly number[] => Array<number>(length).fill(1);
const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);

describe('bounds of expressions', () => {
  it('4,096 characters of source', () => {
    expect(checked(`'${'x'.repeat(4094)}'`)).toBe('ok');
    expect(checked(`'${'x'.repeat(4095)}'`)).toBe('EXPRESSION_TOO_LONG');
  });

  it('300 parts', () => {
    // n numbers and the n - 1 sums between them.
    expect(checked(Array(150).fill('1').join(' + '))).toBe('ok');
    expect(checked(`${Array(150).fill('1').join(' + ')} + 1`)).toBe('EXPRESSION_TOO_LARGE');
    expect(checked(`[${Array(299).fill('1').join(',')}]`)).toBe('ok');
    expect(checked(`[${Array(300).fill('1').join(',')}]`)).toBe('EXPRESSION_TOO_LARGE');
  });

  it('a loop within a loop', () => {
    expect(checked('[1].all(a, [1].all(b, true))')).toBe('ok');
    expect(checked('[1].all(a, [1].all(b, [1].all(c, true)))')).toBe('EXPRESSION_TOO_NESTED');
  });

  it('512 characters of a pattern', () => {
    for (const [call, begin] of [['matches', "'a'.matches("] as const, ['extract', "extract('a', "] as const]) {
      expect({ call, said: checked(`${begin}'${'a'.repeat(512)}')`) }).toEqual({ call, said: 'ok' });
      expect({ call, said: checked(`${begin}'${'a'.repeat(513)}')`) }).toEqual({ call, said: 'EXPRESSION_PATTERN' });
    }
  });

  it('200,000 steps', () => {
    // Looking for a member costs one step for each of the list's.
    const rounds = (members: number) => said('l.all(a, !(2 in m))', { l: list(100), m: list(members) });
    expect(rounds(1998)).toBe('ok');
    expect(rounds(2000)).toBe('EXPRESSION_BUDGET');
    // 100 rounds, and 100 times the list's members: exactly 200,000, then one more round.
    expect(said('l.all(a, !(2 in m))', { l: list(100), m: list(1999) })).toBe('ok');
    expect(said('l.all(a, !(2 in m)) && [1].all(a, true)', { l: list(100), m: list(1999) })).toBe('EXPRESSION_BUDGET');
  });

  it('1,048,576 characters of a text', () => {
    expect(said('size(x + y)', { x: 'a'.repeat(1_048_575), y: 'b' })).toBe('ok');
    expect(said('size(x + y)', { x: 'a'.repeat(1_048_576), y: 'b' })).toBe('EXPRESSION_SIZE');
    expect(said("size(join([x, ''], 'b'))", { x: 'a'.repeat(1_048_575) })).toBe('ok');
    expect(said("size(join([x, ''], 'b'))", { x: 'a'.repeat(1_048_576) })).toBe('EXPRESSION_SIZE');
  });

  it('100,000 members of a list', () => {
    // The sum pays one step for each member on both sides; the bound lies below the steps.
    expect(said('size(x + y)', { x: list(99_999), y: [1] })).toBe('ok');
    expect(said('size(x + y)', { x: list(100_000), y: [1] })).toBe('EXPRESSION_SIZE');
    expect(said("size(split(x, ','))", { x: ','.repeat(99_999) })).toBe('ok');
    expect(said("size(split(x, ','))", { x: ','.repeat(100_000) })).toBe('EXPRESSION_SIZE');
  });

  it('100,000 characters under a pattern', () => {
    expect(said("x.matches('b')", { x: 'a'.repeat(100_000) })).toBe('ok');
    expect(said("x.matches('b')", { x: 'a'.repeat(100_001) })).toBe('EXPRESSION_SIZE');
  });

  it('1,048,576 bytes of the result', () => {
    expect(said('x', { x: 'a'.repeat(1_048_574) })).toBe('ok');
    expect(said('x', { x: 'a'.repeat(1_048_575) })).toBe('EXPRESSION_SIZE');
  });

  it('100 levels of data', () => {
    expect(said('x == 1', { x: nested(100) })).toBe('ok');
    expect(said('x == 1', { x: nested(101) })).toBe('EXPRESSION_DATA');
    expect(said('x', { x: nested(100) })).toBe('ok');
    expect(said('[x]', { x: nested(100) })).toBe('EXPRESSION_RESULT');
  });

  it('whole numbers up to 2^53 in a result', () => {
    expect(said('9007199254740991')).toBe('ok');
    expect(said('9007199254740991 + 1')).toBe('EXPRESSION_RESULT');
    expect(said('x * x', { x: 1e200 })).toBe('EXPRESSION_RESULT');
  });
});
