import { parse } from '@bufbuild/cel';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseTree } from '../../language/cel/parse-expression.ts';

/** The tree, or that there is none. */
const attempt = (read: (source: string) => unknown, source: string): unknown => {
  try {
    return read(source);
  } catch {
    return 'refused';
  }
};

describe('the short way past the parser', () => {
  it.each(['inputs', 'inputs.user.id', 'a.b.c.d.e.f', '_x._1', 'steps.true', 'in.a', 'a.in', 'null', 'a.package', 'void', 'as.b', 'x.for'])(
    'makes of %s what the parser makes',
    (source) => {
      expect(attempt(parseTree, source)).toEqual(attempt(parse, source));
    },
  );

  it('makes the same of any names, dots and reserved words', () => {
    const word = fc.oneof(
      fc.stringMatching(/^[A-Za-z_]\w{0,6}$/),
      fc.constantFrom(
        'true',
        'null',
        'in',
        'if',
        'var',
        'while',
        'let',
        'loop',
        'has',
        'size',
        'true_',
        'null_x',
        'In',
        '__proto__',
        'constructor',
      ),
      fc.constantFrom('index', 'variable', 'iffy', 'asset', 'former', 'returned', 'falsehood', 'in_', 'a.true', ' b', 'c  '),
      fc.constantFrom('1a', '', ' a', 'a ', 'é', 'a[0]', 'f()'),
    );
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), (names) => {
        const source = names.join('.');
        expect(attempt(parseTree, source)).toEqual(attempt(parse, source));
      }),
      { numRuns: 1000 },
    );
  });
});
