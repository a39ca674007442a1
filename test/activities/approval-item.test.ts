// An approval is bound to the exact action: whatever of it changes, its digest changes.
import { describe, expect, it } from '@jest/globals';
import { itemDigest } from '../../activities/approval-item.ts';
import { inventoryOf } from '../../policy/entities.ts';
import { mergeEntries, protectionOf } from '../../policy/inventory.ts';

type Args = Parameters<typeof itemDigest>;
const run = { id: 'run_1', plan_digest: 'plan-1' } as Args[0]; // the members that the digest reads
const item: Args[1] = { key: 'disable', id: 'disable', verb: 'user.disable', params: { user: { id: 'user-007' } } };
const resolved = {
  instance: { id: 'idp', fingerprint: 'config-1' },
  target: { key: 'user:eve', entity: { kind: 'user', id: 'user-007', name: 'Eve', aliases: [] }, names: [] },
} as unknown as Args[2]; // likewise
const base = itemDigest(run, item, resolved);

describe('the digest of what is approved', () => {
  it('is the same for the same action, whatever the order of its parameters', () => {
    const params = { a: 1, b: { c: 2, d: 3 } };
    const turned = { b: { d: 3, c: 2 }, a: 1 };
    expect(itemDigest(run, { ...item, params: turned }, resolved)).toBe(itemDigest(run, { ...item, params }, resolved));
  });

  it.each<[string, string]>([
    ['a rendered parameter', itemDigest(run, { ...item, params: { user: { id: 'user-008' } } }, resolved)],
    ['one more parameter', itemDigest(run, { ...item, params: { ...item.params, force: true } }, resolved)],
    ['the verb', itemDigest(run, { ...item, verb: 'session.revoke' }, resolved)],
    ['the step', itemDigest(run, { ...item, key: 'disable#1' }, resolved)],
    ['the run', itemDigest({ ...run, id: 'run_2' }, item, resolved)],
    ['the plan', itemDigest({ ...run, plan_digest: 'plan-2' }, item, resolved)],
    ['the connector', itemDigest(run, item, { ...resolved, instance: { ...resolved.instance, id: 'idp-2' } })],
    ["the connector's configuration", itemDigest(run, item, { ...resolved, instance: { ...resolved.instance, fingerprint: 'config-2' } })],
    [
      'what the target resolves to',
      itemDigest(run, item, { ...resolved, target: { ...resolved.target, key: 'user:eva' } as NonNullable<Args[2]['target']> }),
    ],
  ])('is another when %s changes', (_, digest) => {
    expect(digest).not.toBe(base);
  });
});

describe('one thing under several entries of the inventory', () => {
  const entry = (name: string, criticality: string, tag: string) => ({
    key: `host:${name}`,
    kind: 'host',
    name,
    aliases: [],
    tags: [tag],
    groups: [],
    owner: name,
    criticality,
    dependents: [],
  });
  const low = entry('wks-060', 'low', 'workstation');
  const critical = entry('payroll-db', 'critical', 'server');

  it('is as critical as the most critical of them, and has the tags of all, whichever comes first', () => {
    for (const [first, all] of [
      [low, [low, critical]],
      [critical, [critical, low]],
    ] as const) {
      expect(mergeEntries(first, all)).toMatchObject({ key: 'host:payroll-db', criticality: 'critical', owner: 'payroll-db, wks-060' });
      expect([...mergeEntries(first, all).tags].sort()).toEqual(['server', 'workstation']);
    }
  });

  it('protects its address and its name as much as itself, whoever else is there too; an address of nobody is nobody', () => {
    const dc = { ...entry('dc-01', 'critical', 'domain-controller'), aliases: ['10.20.9.1', 'dc-01.example.test'] };
    const inventory = inventoryOf([{ entry: dc }, { entry: low }]);
    for (const [kind, name] of [
      ['ip', '10.20.9.1'],
      ['domain', 'dc-01.example.test'],
    ] as const) {
      expect(protectionOf(inventory, kind, [name], undefined)).toEqual({
        tags: ['domain-controller'],
        groups: [],
        criticality: 'critical',
      });
      const own = { ...entry('range', 'low', 'monitored'), kind };
      expect(protectionOf(inventory, kind, [name], own)).toMatchObject({
        tags: ['monitored', 'domain-controller'],
        criticality: 'critical',
      });
    }
    expect(protectionOf(inventory, 'ip', ['10.20.9.2'], undefined)).toEqual({ tags: [], groups: [] });
    // A person may be called like a host.
    expect(protectionOf(inventory, 'user', ['dc-01'], undefined)).toEqual({ tags: [], groups: [] });
  });
});
