import { describe, expect, it } from '@jest/globals';
import { entityFinder } from '../../worker/find-entities.ts';

const EVE = { id: 'user-007', name: 'Eve Adams', aliases: ['eve.adams@example.test'] };
const OTHER = { id: 'user-008', name: 'Eve Adams', aliases: ['eve.other@example.test'] };
const { signal } = new AbortController();

/** Products by what their directories answer; `undefined` has none. */
const finder = (...answers: readonly ((() => Promise<readonly unknown[]>) | undefined)[]) => {
  const instances = answers.map((resolve) => ({ client: {}, connector: resolve ? { resolve } : {} }));
  // Of an instance only its client and its connector's `resolve` are used.
  return entityFinder({ instances } as unknown as Parameters<typeof entityFinder>[0]);
};
const knows =
  (...found: readonly unknown[]) =>
  async () =>
    found;
const fails = async () => {
  throw new Error('made up: it does not answer');
};

describe('finding who or what a name stands for', () => {
  it('takes one thing that two products know, under any of its names, for one', async () => {
    const alike = { id: 'EVE.ADAMS@example.test', name: 'E. Adams', aliases: [] };
    expect(await finder(knows(EVE), undefined, knows(alike))('user', 'eve', signal)).toEqual([EVE]);
  });

  it('tells of all that share a name: who picks one is not this', async () => {
    expect(await finder(knows(EVE), knows(OTHER))('user', 'Eve Adams', signal)).toEqual([EVE, OTHER]);
  });

  it('says that there is none only when every product has said so', async () => {
    expect(await finder(knows(), knows())('user', 'nobody', signal)).toEqual([]);
    expect(await finder(knows(), fails)('user', 'nobody', signal)).toBeUndefined();
    expect(await finder(fails)('user', 'nobody', signal)).toBeUndefined();
    expect(await finder(undefined)('user', 'nobody', signal)).toBeUndefined();
  });

  it('goes by those that answer', async () => {
    expect(await finder(fails, knows(EVE))('user', 'eve', signal)).toEqual([EVE]);
  });
});
