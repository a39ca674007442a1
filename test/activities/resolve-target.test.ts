// Nothing is done to what the inventory cannot tell from something else, nor to what leads there.
import { describe, expect, it } from '@jest/globals';
import type { ActivityDeps } from '../../activities/deps.ts';
import { resolveTarget } from '../../activities/resolve-target.ts';
import { canonicalEntities, type EntityRecord, inventoryOf } from '../../policy/entities.ts';

const host = (source: string, name: string, aliases: readonly string[]): EntityRecord => ({
  ...{ source, kind: 'host', name, aliases, tags: [], groups: [], dependsOn: [] },
});
const once = [host('file', 'dc-01', []), host('connector:edr', 'h-17', ['dc-01', '10.20.9.1'])];
const twice = [...once, host('connector:edr', 'h-18', ['dc-01'])];

/** What becomes of an effect (or a read) of the address, with a firewall that takes any. */
async function wanted(records: readonly EntityRecord[], ip: string, risk: 'reversible' | 'read') {
  const action = { verb: 'ip.block', risk, input: { safeParse: (data: unknown) => ({ success: true, data }) } };
  const target = () => ({ kind: 'ip', ref: { id: ip } });
  const instance = { id: 'firewall', connector: {}, client: {} };
  const inventory = inventoryOf(canonicalEntities(records));
  // The members that it reads.
  const deps = {
    connectors: { servers: () => [instance], instance: () => undefined, actionOf: () => ({ ...action, target }) },
    inventory: () => inventory,
  } as unknown as ActivityDeps;
  const item = { key: 'block', id: 'block', verb: 'ip.block', params: { ip } };
  const resolution = await resolveTarget(deps, item, AbortSignal.timeout(1_000));
  return resolution.ok ? 'found' : resolution.result.error;
}

describe('the address of a host', () => {
  it('is no target while two devices claim to be that host, and is one again when that is mended', async () => {
    expect(await wanted(once, '10.20.9.1', 'reversible')).toBe('found');
    expect(await wanted(twice, '10.20.9.1', 'reversible')).toMatchObject({
      code: 'TARGET_AMBIGUOUS',
      message: expect.stringMatching(/h-17 and h-18 are two in connector:edr.*othing was done/),
    });
  });

  it('can still be looked up, and an address of another thing is a target', async () => {
    expect(await wanted(twice, '10.20.9.1', 'read')).toBe('found');
    expect(await wanted(twice, '203.0.113.9', 'reversible')).toBe('found');
  });
});
