import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseJson, scanJson } from '../../alerts/json.ts';

const reasonOf = (text: string): string => {
  const scan = scanJson(text);
  return scan.ok ? 'ok' : scan.reason;
};

describe('strict JSON', () => {
  it.each([
    ['{"a":1,"a":2}', /twice/],
    ['{"a":1,"\\u0061":2}', /twice/],
    ['{"__proto__":{}}', /prototype/],
    ['{"x":[{"\\u005f\\u005fproto__":1}]}', /prototype/],
    ['{"constructor":{"prototype":{}}}', /prototype/],
    ['[9007199254740993]', /2\^53/],
    ['[12345678901234567890]', /2\^53/],
    ['[1e400]', /too large/],
    ['[-1e400]', /too large/],
    ['[-0]', /negative zero/],
    ['[-0.0]', /negative zero/],
    ['[NaN]', /not JSON/],
    ['[01]', /not JSON/],
    ['[1.]', /not JSON/],
    ['["\t"]', /not JSON/],
    ['["\\x"]', /not JSON/],
    ['[1,]', /not JSON/],
    ['{"a":1,}', /not JSON/],
    ['{a:1}', /not JSON/],
    ['[1] [2]', /after the end/],
    ['', /not JSON/],
    ['\ufeff{}', /not JSON/],
    [`${'['.repeat(65)}${']'.repeat(65)}`, /deeper/],
    [`[${'1,'.repeat(50_001)}1]`, /more than/],
  ])('refuses %.40s', (text, reason) => {
    expect(reasonOf(text)).toMatch(reason);
  });

  it.each([
    '{}',
    '[]',
    ' { "a" : [ 1 , -2.5e3 , "x\\u0000" , null , true ] } ',
    '"text"',
    '9007199254740991',
    '{"constructor":1,"prototype":2}',
  ])('takes %s', (text) => {
    expect(reasonOf(text)).toBe('ok');
  });

  it('never throws, and takes nothing that JSON.parse refuses', () => {
    const isJson = (text: string): boolean => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    };
    const mangled = fc.tuple(fc.json(), fc.nat(), fc.constantFrom('', '"', '{', ']', ',', '\\', '-', '\u0000')).map(([text, at, extra]) => {
      const place = text.length === 0 ? 0 : at % text.length;
      return text.slice(0, place) + extra + text.slice(place + 1);
    });
    fc.assert(
      fc.property(fc.oneof(fc.string(), mangled), (text) => {
        const parsed = parseJson(text);
        return !parsed.ok || isJson(text);
      }),
      { numRuns: 3_000 },
    );
  });

  it('gives back what JSON.parse gives, where nothing is lost', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const text = JSON.stringify(value);
        const parsed = parseJson(text);
        return !parsed.ok || JSON.stringify(parsed.value) === text;
      }),
    );
    expect(parseJson('{"a":[1,{"b":"ü"}]}')).toEqual({ ok: true, value: { a: [1, { b: 'ü' }] } });
  });

  it('takes 1 MiB, and refuses depth 100,000, without holding the process up', () => {
    const large = JSON.stringify({ id: 'a', data: Array.from({ length: 40_000 }, (_, at) => `value-${at}-padding`) });
    for (const text of [large, '['.repeat(100_000), `{"a":${'{"a":'.repeat(100_000)}`]) {
      // CPU time: others share the machine.
      const started = process.cpuUsage();
      scanJson(text);
      expect(process.cpuUsage(started).user / 1000).toBeLessThan(250);
    }
  });
});
