// The directories of the practice range in the inventory, and what a broken directory may not do.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pino from 'pino';
import type { DirectoryEntry } from '../../connectors/connector.ts';
import { ports } from '../../connectors/ports.ts';
import { type OpenConnectors, openConnectors } from '../../connectors/registry.ts';
import { canonicalEntities, inventoryOf } from '../../policy/entities.ts';
import { PRODUCT_NAMES } from '../../range/products.ts';
import { startRange } from '../../range/range.ts';
import { rangeTokens } from '../../range/tokens.ts';
import { readEntityRecords } from '../../store/entities.ts';
import { acceptSync, askSync, listSyncs } from '../../store/entity-sync.ts';
import type { Store } from '../../store/store.ts';
import { watchDirectories } from '../../worker/directory-watch.ts';
import { openInventory } from '../../worker/entity-inventory.ts';
import { parsePolicy } from '../../worker/policy-file.ts';
import { trialConnectors } from '../../worker/trial-form.ts';
import { openMemoryStore } from '../store/memory-store.ts';

let store: Store;
let range: Awaited<ReturnType<typeof startRange>>;
let connectors: OpenConnectors;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cordon-directory-'));
  store = await openMemoryStore();
  range = await startRange({ port: 0, tokens: rangeTokens(join(folder, 'secrets'), PRODUCT_NAMES) });
  const guard = { addresses: { loopback: true }, plainHttp: true };
  connectors = openConnectors(trialConnectors(range.port), ports({ guard, secrets: { env: {}, folder }, maxTimeoutMs: 10_000 }));
});
afterAll(async () => {
  await connectors.close();
  await range.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

const pages: string[] = [];
const watch = (instances: OpenConnectors['instances']) =>
  watchDirectories({
    store,
    connectors: { instances },
    log: pino({ level: 'silent' }),
    now: () => new Date(),
    policy: () => parsePolicy(readFileSync('worker/trial/policy.yaml', 'utf8'), 'policy.yaml'),
    page: (message) => void pages.push(message),
  });

describe('the directories of products', () => {
  it('become one inventory with the file: an account is one under its login, its address and its id', async () => {
    const file = await openInventory({
      store,
      file: 'worker/trial/entities.yaml',
      warn: (message) => pages.push(message),
      nowMs: () => performance.now(),
    });
    const watching = watch(connectors.instances);
    await watching.sync();
    await watching.stop();
    await file.stop();
    const { find } = inventoryOf(canonicalEntities(await readEntityRecords(store.db)));
    for (const name of ['user-007', 'eve.adams@example.test']) {
      expect(find('user', [name])).toMatchObject([{ key: 'user:eve adams', tags: ['staff'] }]);
    }
    expect(find('host', ['dc-01'])).toMatchObject([{ key: 'host:dc-01', tags: ['domain-controller', 'server'] }]);
    expect(find('host', ['wks-499'])).toMatchObject([{ key: 'host:wks-499' }]);
    expect(pages).toEqual([]);
  });

  it('that suddenly know much less are not believed: what protects must not vanish by a fault', async () => {
    const before = (await readEntityRecords(store.db)).length;
    const edr = connectors.instance('practice-edr');
    if (!edr) throw new Error('the practice EDR is not there');
    const listing = (entries: readonly DirectoryEntry[]) => ({
      ...edr,
      connector: {
        ...edr.connector,
        directory: async function* () {
          yield entries;
        },
      },
    });
    await askSync(store.db, 'per_ana');
    const empty = watch([listing([])]);
    await empty.sync();
    await empty.stop();
    expect((await readEntityRecords(store.db)).length).toBe(before);
    expect(pages).toEqual([expect.stringContaining('is not taken over until a person has accepted it')]);
  });

  it('of few entries do not vanish either; what a person accepts is taken over, and one account may always go', async () => {
    const idp = connectors.instance('practice-idp');
    if (!idp) throw new Error('the practice IdP is not there');
    let logins = ['kim', 'lou', 'max', 'noa'];
    const small = {
      ...idp,
      id: 'small',
      connector: {
        ...idp.connector,
        directory: async function* (): AsyncIterable<readonly DirectoryEntry[]> {
          yield logins.map((login) => ({ kind: 'user', id: `uid-${login}`, name: login, aliases: [`${login}@example.test`] }));
        },
      },
    };
    const round = async () => {
      await askSync(store.db, 'per_ana');
      const watching = watch([small]);
      await watching.sync();
      await watching.stop();
      return (await readEntityRecords(store.db)).filter(({ source }) => source === 'connector:small').length;
    };
    pages.length = 0;
    expect(await round()).toBe(4);
    logins = ['kim', 'lou', 'max'];
    expect(await round()).toBe(3);
    logins = [];
    expect([await round(), await round()]).toEqual([3, 3]);
    expect(pages).toEqual([expect.stringContaining('small knows 3 of 3 things no more')]);
    const held = (await listSyncs(store.db)).find(({ connector }) => connector === 'small')?.held;
    expect(held?.changes).toHaveLength(3);
    expect(await acceptSync(store.db, 'small', held?.digest ?? '', 'per_ana')).toBe(true);
    expect(await round()).toBe(0);
    expect(pages).toHaveLength(1);
    pages.length = 0;
  });

  it('that say less of something protected leave it as it was, until a person has accepted exactly that', async () => {
    const idp = connectors.instance('practice-idp');
    if (!idp) throw new Error('the practice IdP is not there');
    const said = { vip: ['break-glass'], other: ['staff'] };
    const listing = {
      ...idp,
      id: 'made-up',
      connector: {
        ...idp.connector,
        directory: async function* (): AsyncIterable<readonly DirectoryEntry[]> {
          yield [
            { kind: 'user', id: 'uid-1', name: 'Made up', aliases: ['vip@example.test'], tags: said.vip },
            { kind: 'user', id: 'uid-2', name: 'Other', aliases: ['other@example.test'], tags: said.other },
          ];
        },
      },
    };
    const round = async () => {
      await askSync(store.db, 'per_ana');
      const watching = watch([listing]);
      await watching.sync();
      await watching.stop();
    };
    const tagsOf = async (name: string) =>
      inventoryOf(canonicalEntities(await readEntityRecords(store.db)))
        .find('user', [name])
        .map(({ tags }) => tags);
    pages.length = 0;
    await round();
    said.vip = [];
    said.other = [];
    await round();
    await round();
    // No rule looks at 'staff': that it is gone loosens nothing, and is taken over.
    expect([await tagsOf('vip@example.test'), await tagsOf('other@example.test')]).toEqual([[['break-glass']], [[]]]);
    expect(pages).toEqual([expect.stringContaining('user:uid-1 would lose the tag break-glass')]);
    const held = (await listSyncs(store.db)).find(({ connector }) => connector === 'made-up')?.held;
    expect(held?.changes).toEqual([{ entity: 'user:uid-1', loses: ['the tag break-glass'] }]);
    expect(await acceptSync(store.db, 'made-up', 'f'.repeat(64), 'per_ana')).toBe(false);
    expect(await acceptSync(store.db, 'made-up', held?.digest ?? '', 'per_ana')).toBe(true);
    await round();
    expect(await tagsOf('vip@example.test')).toEqual([[]]);
    expect((await listSyncs(store.db)).find(({ connector }) => connector === 'made-up')?.held).toBeUndefined();
  });
});
