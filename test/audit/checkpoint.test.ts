import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type CheckpointHeads, checkpointDigest, headsRoot } from '../../audit/checkpoint.ts';

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');
const root = (heads: CheckpointHeads) => headsRoot(heads, sha256);

describe('a checkpoint', () => {
  it('has one root for the same heads in any order', () => {
    expect(root({ a: [1, 'x'], b: [2, 'y'], c: [3, 'z'] })).toBe(root({ c: [3, 'z'], a: [1, 'x'], b: [2, 'y'] }));
  });

  it('has another root for any other head', () => {
    const heads: readonly CheckpointHeads[] = [
      {},
      { a: [1, 'x'] },
      { a: [2, 'x'] },
      { a: [1, 'y'] },
      { b: [1, 'x'] },
      { a: [1, 'x'], b: [1, 'x'] },
      { a: [1, 'x'], b: [1, 'x'], c: [1, 'x'] },
      { a: [1, 'x'], b: [1, 'x'], c: [1, 'x'], d: [1, 'x'] },
    ];
    expect(new Set(heads.map(root)).size).toBe(heads.length);
  });

  it('signs everything in it', () => {
    const content = { prev: 'p', at: '2026-03-04T05:06:07.089Z', count: 1, root: 'r' };
    const others = [content, { ...content, prev: 'q' }, { ...content, at: 'x' }, { ...content, count: 2 }, { ...content, root: 's' }];
    expect(new Set(others.map((other) => checkpointDigest(other, sha256))).size).toBe(5);
  });
});
