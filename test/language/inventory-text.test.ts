import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseEntities } from '../../language/inventory-text.ts';
import { canonicalEntities, inventoryOf } from '../../policy/entities.ts';

const parseInventory = (text: string, path: string) => inventoryOf(canonicalEntities(parseEntities(text, path)));

const inventory = parseInventory(
  `
hosts:
  - { name: DC-01, aliases: [dc-01.example.test, 10.0.0.10], tags: [domain-controller], owner: identity, criticality: critical }
  - { name: web-1 }
people:
  - { name: Zoë Ädams, aliases: [zoe] }
  - { name: dc-01 }
services:
  - { name: directory, depends_on: [dc-01.example.test] }
  - { name: payroll, depends_on: [directory] }
`,
  'entities.yaml',
);

describe('the inventory', () => {
  it('finds an entry by its name or any alias, whatever the letter case, and only among its kind', () => {
    for (const name of ['dc-01', 'DC-01', 'DC-01.example.test', '10.0.0.10']) expect(inventory.find('host', [name])).toHaveLength(1);
    expect(inventory.find('host', ['dc-01'])[0]).toMatchObject({
      key: 'host:dc-01',
      tags: ['domain-controller'],
      criticality: 'critical',
      owner: 'identity',
    });
    expect(inventory.find('user', ['dc-01'])[0]?.tags).toEqual([]);
  });
  it('finds a name in either of its Unicode spellings', () => {
    expect(inventory.find('user', ['zoe\u0308 a\u0308dams'])).toHaveLength(1);
  });
  it('knows no patterns and no parts of names', () => {
    for (const name of ['', '*', 'dc', 'dc-0_', 'dc-01.', '__proto__', 'constructor']) expect(inventory.find('host', [name])).toEqual([]);
  });
  it('finds an entry once, though several of its names are asked for', () => {
    expect(inventory.find('host', ['dc-01', '10.0.0.10', 'web-1'])).toHaveLength(2);
  });
  it('tells what depends on a thing, by whichever name that is written', () => {
    expect(inventory.find('host', ['dc-01'])[0]?.dependents).toEqual(['directory']);
    expect(inventory.find('service', ['directory'])[0]?.dependents).toEqual(['payroll']);
  });
});

describe('a file that is wrong is refused with its place, since a misspelt tag would protect nothing', () => {
  it.each([
    ['hosts:\n  - { name: a, tgas: [x] }\n', /tgas/],
    ['hosts:\n  - { name: a, criticality: huge }\n', /entities.yaml:2:29 VALUE_UNKNOWN `criticality`/],
    ['hosts:\n  - { name: a, tags: [Domain Controller] }\n', /entities.yaml:2:23 VALUE_INVALID/],
    ['services:\n  - { name: a, depends_on: [b] }\n', /entities.yaml:2:28 .*a depends on `b`, which is not there/],
    ['hosts:\n  - { name: a, aliases: [x] }\n  - { name: b, aliases: [X] }\n', /entities.yaml:3:13 .*`x` is a name of `a` already/],
    ['hosts: [\n', /entities.yaml/],
  ])('%j', (source, message) => {
    expect(() => parseInventory(source, 'entities.yaml')).toThrow(message);
  });
});

it('the shipped one knows the domain controller, Eve Adams and the break-glass account', () => {
  const shipped = parseInventory(readFileSync('worker/trial/entities.yaml', 'utf8'), 'worker/trial/entities.yaml');
  expect(shipped.find('host', ['dc-01'])[0]).toMatchObject({
    tags: expect.arrayContaining(['domain-controller']),
    criticality: 'critical',
  });
  expect(shipped.find('user', ['user-007'])[0]?.name).toBe('Eve Adams');
  expect(shipped.find('user', ['break-glass'])[0]?.tags).toContain('break-glass');
});
