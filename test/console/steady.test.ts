import { describe, expect, it } from '@jest/globals';
import { steady } from '../../console/ui/steady.ts';

const rows = (...ids: string[]) => ids.map((id) => ({ id }));
const shown = (previous: string[], next: string[], isHeld: boolean) => {
  const result = steady(rows(...previous), rows(...next), ({ id }) => id, isHeld);
  return { ids: result.rows.map(({ item, isGone }) => (isGone ? `${item.id} gone` : item.id)), fresh: result.fresh };
};

describe('a list that is read', () => {
  it('keeps every row in its place while it is held; what is new waits and is counted', () => {
    expect(shown(['b', 'c'], ['a', 'b', 'c'], true)).toEqual({ ids: ['b', 'c'], fresh: 1 });
  });

  it('keeps what left the list, marked, so that nothing slides under the pointer', () => {
    expect(shown(['a', 'b', 'c'], ['a', 'c'], true)).toEqual({ ids: ['a', 'b gone', 'c'], fresh: 0 });
  });

  it('keeps its order when the order changes', () => {
    expect(shown(['a', 'b'], ['b', 'a'], true)).toEqual({ ids: ['a', 'b'], fresh: 0 });
  });

  it('takes further pages at its end at once, for they move nothing', () => {
    expect(shown(['a', 'b'], ['n', 'a', 'b', 'c', 'd'], true)).toEqual({ ids: ['a', 'b', 'c', 'd'], fresh: 1 });
  });

  it('shows the truth as soon as it is let go', () => {
    expect(shown(['b', 'c'], ['a', 'c'], false)).toEqual({ ids: ['a', 'c'], fresh: 0 });
  });

  it('shows the newest words of a row that stays', () => {
    const result = steady([{ id: 'a', word: 'open' }], [{ id: 'a', word: 'denied' }], ({ id }) => id, true);
    expect(result.rows[0]?.item.word).toBe('denied');
  });
});
