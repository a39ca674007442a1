import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalEntities, type EntityRecord, inventoryOf } from '../../policy/entities.ts';
import { protectionOf } from '../../policy/inventory.ts';

const record = (
  source: string,
  kind: string,
  name: string,
  aliases: readonly string[] = [],
  more: Partial<EntityRecord> = {},
): EntityRecord => ({
  ...{ source, kind, name, aliases, tags: [], groups: [], dependsOn: [] },
  ...more,
});
const CSV = 'import:cmdb';
const EDR = 'connector:edr';

describe('one real thing that several sources know', () => {
  const file = record('file', 'host', 'dc-01', ['dc-01.example.test'], { tags: ['domain-controller'], criticality: 'high' });
  const csv = record(CSV, 'host', 'DC-01.example.test', ['asset-4711'], { owner: 'identity', criticality: 'critical', groups: ['Tier 0'] });
  const edr = record(EDR, 'host', 'h-17', ['ASSET-4711']);

  it('is one entity under FQDN, short name and vendor id, with the strictest of all that is said', () => {
    for (const records of [
      [file, csv, edr],
      [edr, csv, file],
    ]) {
      const entities = canonicalEntities(records);
      expect(entities).toHaveLength(1);
      const { find } = inventoryOf(entities);
      for (const name of ['dc-01', 'DC-01.EXAMPLE.TEST', 'asset-4711', 'h-17']) {
        expect(find('host', [name])).toMatchObject([
          { key: 'host:dc-01', tags: ['domain-controller'], groups: ['tier 0'], criticality: 'critical', owner: 'identity' },
        ]);
      }
      expect(find('host', ['dc-01', 'h-17', 'asset-4711'])).toHaveLength(1);
    }
  });

  it('is not found by a part of a name, nor among another kind', () => {
    const { find } = inventoryOf(canonicalEntities([file]));
    for (const name of ['dc', 'dc-01.example', 'dc-0*', '']) expect(find('host', [name])).toEqual([]);
    expect(find('user', ['dc-01'])).toEqual([]);
  });

  it('stays two where one source has two of it: their names then mean nobody', () => {
    const twin = record(CSV, 'host', 'dc-02', ['h-17']);
    const entities = canonicalEntities([file, csv, edr, twin]);
    expect(entities).toHaveLength(4);
    expect(entities.every(({ conflict }) => conflict !== undefined)).toBe(true);
    expect(inventoryOf(entities).find('host', ['h-17']).length).toBeGreaterThan(1);
  });

  it('stays as protected as it was, under each of its names and addresses, when a device is enrolled a second time', () => {
    const devices = [record(EDR, 'host', 'h-17', ['dc-01', '10.20.9.1']), record(EDR, 'host', 'h-18', ['dc-01', '10.20.9.2'])];
    const dc = { tags: ['domain-controller'], groups: ['tier 0'], criticality: 'high' };
    const known = record('file', 'host', 'dc-01', [], { tags: dc.tags, groups: ['Tier 0'], criticality: 'high' });
    for (const enrolled of [devices.slice(0, 1), devices]) {
      const inventory = inventoryOf(canonicalEntities([known, ...enrolled]));
      expect(protectionOf(inventory, 'ip', ['10.20.9.1'], undefined)).toEqual(dc);
      expect(inventory.find('host', ['h-17'])).toMatchObject([dc]);
    }
    expect(inventoryOf(canonicalEntities([known, ...devices])).find('host', ['h-18'])).toMatchObject([
      { ...dc, conflict: expect.stringContaining('h-17 and h-18') },
    ]);
  });

  it('is not joined by an address, which wanders, nor by a display name, which people share', () => {
    const hosts = [record(CSV, 'host', 'wks-1', ['10.0.0.5']), record(EDR, 'host', 'wks-2', ['10.0.0.5'])];
    expect(canonicalEntities(hosts)).toHaveLength(2);
    const people = [record('file', 'user', 'Eve Adams', ['user-007']), record(CSV, 'user', 'Eve Adams', ['user-300'])];
    const entities = canonicalEntities(people);
    expect(entities.map(({ entry }) => entry.key)).toEqual(['user:eve adams', 'user:user-300']);
    const { find } = inventoryOf(entities);
    expect(find('user', ['user-300'])).toMatchObject([{ key: 'user:user-300' }]);
    expect(find('user', ['eve adams'])).toHaveLength(2);
  });

  it('whatever the order in which the sources were read, and whatever they say', () => {
    const names = fc.constantFrom('a', 'b', 'c', 'd', 'A', '10.0.0.1');
    const records = fc.uniqueArray(
      fc.record({
        source: fc.constantFrom('file', CSV, EDR),
        kind: fc.constantFrom('host', 'user'),
        name: names,
        aliases: fc.array(names, { maxLength: 2 }),
        tags: fc.subarray(['x', 'y']),
      }),
      { selector: ({ source, kind, name }) => `${source} ${kind} ${name.toLowerCase()}`, maxLength: 8 },
    );
    fc.assert(
      fc.property(records, fc.func(fc.integer()), (given, weight) => {
        const all = given.map((one) => record(one.source, one.kind, one.name, one.aliases, { tags: one.tags }));
        const shape = (list: readonly EntityRecord[]) =>
          canonicalEntities(list)
            .map(({ entry, conflict }) => JSON.stringify([entry.key, entry.kind, [...entry.tags].sort(), conflict]))
            .sort();
        expect(shape([...all].sort((a, b) => weight(a.name) - weight(b.name)))).toEqual(shape(all));
        const entities = canonicalEntities(all);
        // Nothing is lost, and no two things have one key but where both are refused.
        expect(entities.flatMap(({ records: of }) => of)).toHaveLength(all.length);
        const keys = entities.filter(({ conflict }) => conflict === undefined).map(({ entry }) => entry.key);
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });
});

describe('what depends on a thing', () => {
  it('is told by name, once, under whichever of its names it is needed', () => {
    const db = record('file', 'service', 'db-1', ['DB-1.example.test', 'asset-9']);
    const needs = (name: string, ...dependsOn: string[]) => record('file', 'service', name, [], { dependsOn });
    const [entity] = canonicalEntities([
      ...[db, needs('shop', 'DB-1', 'asset-9'), needs('Payroll', 'db-1.example.test'), needs('wiki', 'db')],
    ]);
    expect(entity?.entry.dependents).toEqual(['shop', 'Payroll']);
  });

  it('is found in work that grows with the inventory, not with its square', () => {
    let reads = 0;
    const count = 2_000;
    const all = Array.from({ length: count }, (_, at): EntityRecord => {
      const one = record(at % 2 === 0 ? 'file' : CSV, 'host', `wks-${at}`);
      return Object.defineProperty({ ...one }, 'dependsOn', {
        get: () => {
          reads += 1;
          return [`wks-${at + 1}`];
        },
      });
    });
    expect(canonicalEntities(all).filter(({ entry }) => entry.dependents.length === 1)).toHaveLength(count - 1);
    expect(reads).toBeLessThan(10 * count);
  });
});
