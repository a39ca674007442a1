// What holds of the functions whatever they are given.
import { Buffer } from 'node:buffer';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isoText, parseMs, toMoment } from '../../language/cel/functions/calendar.ts';
import { evaluate } from '../../language/cel.ts';

describe('dates', () => {
  // From JavaScript's own calendar, which the language may not use.
  it('agree with the calendar of JavaScript on every day of 9,999 years that is tried', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true }),
        (date) => {
          const text = date.toISOString();
          expect(parseMs(text)).toBe(date.getTime());
          expect(isoText(date.getTime())).toBe(text);
          expect(toMoment(date.getTime()).weekday).toBe(date.getUTCDay() === 0 ? 7 : date.getUTCDay());
        },
      ),
      { numRuns: 2000, seed: 1 },
    );
  });
});

describe('text as data', () => {
  it('CSV and Base64 give back what was written', () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !/^[=+\-@\t\r]/.test(text) && !text.startsWith('\ufeff'));
    fc.assert(
      fc.property(fc.array(fc.record({ a: cell, 'b "c"': cell }), { minLength: 1, maxLength: 5 }), (rows) => {
        const isBlank = rows.some((row) => row.a === '' && row['b "c"'] === '');
        const back = evaluate('csv_parse(csv_format(rows))', { rows });
        expect(isBlank || (back.ok && JSON.stringify(back.value) === JSON.stringify(rows))).toBe(true);
      }),
      { numRuns: 300, seed: 1 },
    );
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (x) => {
        expect(evaluate('base64_decode(base64_encode(x))', { x })).toEqual({ ok: true, value: x });
        expect(evaluate('base64_encode(x)', { x })).toEqual({ ok: true, value: Buffer.from(x, 'utf8').toString('base64') });
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('what is defanged is clickable nowhere, and comes back', () => {
    expect(evaluate('defang(x)', { x: 'See https://evil.example.org/a?b=c.d, 192.0.2.1 and eve@example.org.' })).toEqual({
      ok: true,
      value: 'See hxxps://evil[.]example[.]org/a?b=c[.]d, 192[.]0[.]2[.]1 and eve[@]example[.]org.',
    });
    fc.assert(
      fc.property(fc.webUrl(), (x) => {
        expect(evaluate('refang(defang(x))', { x })).toEqual({ ok: true, value: x });
      }),
      { numRuns: 200, seed: 1 },
    );
  });
});

describe('patterns', () => {
  it('take linear time over hostile text', () => {
    const hostile = `${'a'.repeat(90_000)}!`;
    const before = performance.now();
    expect(evaluate("extract(x, '^(a+)+$')", { x: hostile })).toEqual({ ok: true, value: null });
    expect(evaluate("extract_all(x, '(a|aa)+b')", { x: hostile })).toEqual({ ok: true, value: [] });
    // Each find may look at all that is left: many of them in a long text are too many steps.
    expect(evaluate("extract_all(x, 'a')", { x: hostile })).toMatchObject({ ok: false, error: { code: 'EXPRESSION_BUDGET' } });
    expect(performance.now() - before).toBeLessThan(3000);
  });

  it('look through bounded text, and give a bounded list', () => {
    expect(evaluate("extract(x, 'b')", { x: 'a'.repeat(100_000) })).toEqual({ ok: true, value: null });
    expect(evaluate("extract(x, 'b')", { x: 'a'.repeat(100_001) })).toMatchObject({ ok: false, error: { code: 'EXPRESSION_SIZE' } });
    expect(evaluate("size(extract_all(x, 'a'))", { x: 'a'.repeat(1000) })).toEqual({ ok: true, value: 1000 });
    expect(evaluate("extract_all(x, 'a')", { x: 'a'.repeat(1001) })).toMatchObject({ ok: false, error: { code: 'EXPRESSION_SIZE' } });
  });
});
