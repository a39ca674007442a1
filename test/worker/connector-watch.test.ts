import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pino from 'pino';
import type { Instance } from '../../connectors/registry.ts';
import type { Store } from '../../store/store.ts';
import { listConnectors } from '../../store/views/inventory.ts';
import { type ConnectorWatch, watchConnectors } from '../../worker/connector-watch.ts';
import { openMemoryStore } from '../store/memory-store.ts';

const NOW = new Date('2026-03-01T10:00:00Z');

/** `ping` as a connector has it; what else an instance has is not looked at. */
function instance(id: string, ping: (signal: AbortSignal) => Promise<{ as: string; detail?: string }>): Instance {
  const connector = { type: 'made-up', title: 'Made up', ping: (_: unknown, signal: AbortSignal) => ping(signal), actions: [] };
  // The watch only pings: the schema and the opening of this connector are never used.
  return {
    id,
    type: 'made-up',
    title: 'Made up',
    simulated: false,
    verbs: ['user.disable'],
    client: {},
    connector,
    fingerprint: '',
  } as never;
}

let store: Store;
let watch: ConnectorWatch | undefined;

beforeEach(async () => {
  store = await openMemoryStore();
});
afterEach(async () => {
  await watch?.stop();
  await store.close();
});

/** Until the first round of answers is written down: stop waits for it. */
async function look(...instances: readonly Instance[]) {
  watch = await watchConnectors({ store, connectors: { instances }, log: pino({ level: 'silent' }), now: () => NOW, everyMs: 3_600_000 });
  return watch;
}

async function settled(id: string) {
  for (;;) {
    const found = (await listConnectors(store.db)).find((row) => row.id === id);
    if (found !== undefined && found.state !== 'unknown') return found;
  }
}

describe('the look at the connectors', () => {
  it('shows as whom a product knows us, and when it was asked', async () => {
    await look(instance('directory', async () => ({ as: 'svc-cordon', detail: 'manage-users' })));
    expect(await settled('directory')).toEqual({
      id: 'directory',
      type: 'made-up',
      title: 'Made up',
      simulated: false,
      verbs: ['user.disable'],
      state: 'ok',
      detail: 'as svc-cordon, manage-users',
      checkedAt: NOW.toISOString(),
    });
  });

  it('shows what is wrong with one, and holds up none of the others', async () => {
    const broken = instance('broken', async () => {
      throw new Error('the token was refused');
    });
    const hung = instance(
      'hung',
      (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')))),
    );
    await look(
      broken,
      hung,
      instance('good', async () => ({ as: 'us' })),
    );
    expect(await settled('broken')).toMatchObject({ state: 'failed', detail: 'the token was refused' });
    expect(await settled('good')).toMatchObject({ state: 'ok' });
    expect(await listConnectors(store.db)).toContainEqual(expect.objectContaining({ id: 'hung', state: 'unknown' }));
  });

  it('forgets a product that is no longer configured, and stops while one hangs', async () => {
    const hung = instance(
      'hung',
      (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')))),
    );
    await (await look(hung)).stop();
    await look(instance('good', async () => ({ as: 'us' })));
    expect((await listConnectors(store.db)).map((row) => row.id)).toEqual(['good']);
  });

  it('knows after a restart who we are at a product that does not answer now', async () => {
    await (await look(instance('directory', async () => ({ as: 'SVC-Cordon' })))).asked;
    await watch?.stop();
    const again = await look(
      instance('directory', async () => {
        throw new Error('made up: not there');
      }),
    );
    expect(again.accounts()).toEqual(['svc-cordon']);
    await again.asked;
    expect(again.accounts()).toEqual(['svc-cordon']);
  });

  it('says when all have been asked, so that nothing acts before it knows whom not to act on', async () => {
    const late = await look(
      instance('directory', async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        return { as: 'svc-cordon' };
      }),
    );
    expect(late.accounts()).toEqual([]);
    await late.asked;
    expect(late.accounts()).toEqual(['svc-cordon']);
  });
});
