// The name that was probably meant, and what looking for it costs.
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nearest } from '../../language/nearest.ts';
import { readPlaybook } from '../../language/parse.ts';

/** Letters put in, left out, changed or two swapped: the whole table, by the book. */
function editsByTheBook(a: string, b: string): number {
  const table = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : j === 0 ? i : 0)),
  );
  const at = (i: number, j: number) => table[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i += 1) {
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const ways = [at(i, j - 1) + 1, at(i - 1, j) + 1, at(i - 1, j - 1) + same];
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) ways.push(at(i - 2, j - 2) + 1);
      (table[i] ?? [])[j] = Math.min(...ways);
    }
  }
  return at(a.length, b.length);
}

it('is the first of the nearest names, and nothing when more than a third of the letters differ', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 14 });
  fc.assert(
    fc.property(word, fc.array(word, { maxLength: 6 }), (name, candidates) => {
      const limit = Math.max(1, Math.floor(name.length / 3));
      const edits = candidates.map((one) => editsByTheBook(name, one));
      const least = Math.min(...edits);
      expect(nearest(name, candidates)).toBe(least <= limit ? candidates[edits.indexOf(least)] : undefined);
    }),
    { numRuns: 2000, seed: 7 },
  );
});

it('a name is looked for among two thousand in a fraction of what the whole tables cost', () => {
  const names = Array.from({ length: 2000 }, (_, index) => `a_long_name_of_step_${index}`);
  const others = names.map((name) => name.split('').toReversed().join(''));
  const timeOf = (work: () => void) => {
    const began = performance.now();
    work();
    return performance.now() - began;
  };
  const looking = timeOf(() => {
    for (let at = 0; at < 2000; at += 200) expect(nearest(`a_lung_name_of_stap_${at}`, names)).toBe(names[at]);
    for (let at = 0; at < 2000; at += 200) expect(nearest(`a_lung_name_of_stap_${at}`, others)).toBeUndefined();
  });
  const byTheBook = timeOf(() => {
    for (const name of names.slice(0, 1000)) editsByTheBook(name, 'a_lung_name_of_stap_7');
  });
  // Twenty names among two thousand; by the book one among half of them.
  expect(looking).toBeLessThan(byTheBook * 10);
});

it('and no suggestion is looked for that is not told', () => {
  let looked = 0;
  const known = Object.assign(['other'], {
    *[Symbol.iterator]() {
      looked += 1;
      yield 'other';
    },
  });
  const calls = Array.from({ length: 2000 }, (_, index) => `  - call: othre-${index}\n`).join('');
  const text = `playbook: p\ntitle: P\nowner: o\ntriggers: [{ manual: {} }]\nsteps:\n${calls}`;
  const { diagnostics } = readPlaybook(text, 'p.yaml', undefined, { find: () => ({ kind: 'unknown' as const, known }) });
  expect(diagnostics).toHaveLength(100);
  expect(looked).toBe(100);
});

it('of seven hundred names that are much alike each slip is told with the one that was meant', () => {
  const steps = Array.from(
    { length: 700 },
    (_, index) => `  - id: a_long_name_of_step_${index}\n    undo: [a_lung_name_of_stap_${index}]\n`,
  ).join('');
  const { diagnostics } = readPlaybook(`playbook: p\ntitle: P\nowner: o\ntriggers: [{ manual: {} }]\nsteps:\n${steps}`, 'p.yaml');
  expect(diagnostics).toHaveLength(100);
  expect(diagnostics[7]?.hint).toBe('did you mean `a_long_name_of_step_7`?');
});
