// A connector's own mistake, or a product's, is a failure that the run sees: never something that is tried for ever without a word.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { ActivityDeps } from '../../activities/deps.ts';
import { performRead, type ReadWork } from '../../activities/perform-read.ts';
import { resolveTarget } from '../../activities/resolve-target.ts';
import { openMemoryStore } from '../store/memory-store.ts';
import { limited } from './limited.ts';

let store: Awaited<ReturnType<typeof openMemoryStore>>;
beforeAll(async () => {
  store = await openMemoryStore();
});
afterAll(async () => {
  await store.close();
});

const broken = (): never => {
  throw new TypeError("made up: cannot read 'id' of undefined");
};
const told: unknown[] = [];
const log = { error: (about: unknown) => told.push(about) };

/** A look-up of a person, answered so. */
async function reading(answer: () => unknown): Promise<unknown> {
  const output = z.object({ manager: z.string() });
  const action = { verb: 'user.lookup', risk: 'read', output, run: async () => answer() };
  const item = { key: 'who', id: 'who', verb: 'user.lookup', params: {} };
  const resolved = { instance: { id: 'idp', client: {} }, action, input: {} };
  // The members that it reads before it writes.
  const work = {
    run: { id: 'run_1' },
    item,
    resolved,
    action,
    idempotencyKey: 'k',
    signal: AbortSignal.timeout(1_000),
  } as unknown as ReadWork;
  return await performRead({ log } as unknown as ActivityDeps, work).catch((error: unknown) => error);
}

it('an answer of another shape than the verb promises fails for good, and says where', async () => {
  const error = await reading(() => ({ manager: null }));
  expect(error).toMatchObject({ kind: 'permanent', code: 'BAD_ANSWER', message: expect.stringContaining('manager') });
});

it('a look-up that throws what it does not know is tried again as often as any other, and logged', async () => {
  expect(await reading(broken)).toMatchObject({ kind: 'retryable', code: 'UNEXPECTED' });
  expect(told).toMatchObject([{ verb: 'user.lookup', err: expect.any(TypeError) }]);
});

it('so is a target that cannot be looked for', async () => {
  const action = { verb: 'host.isolate', input: z.object({}), target: () => ({ kind: 'host', ref: { id: 'wks-1' } }) };
  const instance = { id: 'edr', client: {}, connector: { resolve: broken } };
  const connectors = { servers: () => [instance], actionOf: () => action };
  const deps = { log, connectors } as unknown as ActivityDeps; // the members that it reads
  const item = { key: 'isolate', id: 'isolate', verb: 'host.isolate', params: {} };
  await expect(resolveTarget(deps, item, AbortSignal.timeout(1_000))).rejects.toMatchObject({ kind: 'retryable', code: 'UNEXPECTED' });
});

it('and an effect whose state cannot be read: nothing is sent', async () => {
  const { effect, state } = limited(() => store, 'rules: []');
  let sent = 0;
  Object.assign(state, { look: broken, sent: () => sent++ });
  await expect(effect('wks-1')).rejects.toMatchObject({ kind: 'retryable', code: 'UNEXPECTED' });
  expect(sent).toBe(0);
});
