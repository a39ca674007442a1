// entities.yaml: the hosts, people and services that Cordon knows, with tags, owners and what depends on what. Policy asks it about targets.
import { parseDocument } from 'yaml';
import { z } from 'zod';
import type { Inventory, InventoryEntry } from '../policy/inventory.ts';

const name = z.string().min(1).max(200);
const entry = z.strictObject({
  name,
  aliases: z.array(name).default([]).describe('Other exact names of the same thing: id, login, e-mail, FQDN, address.'),
  tags: z.array(z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'small letters, digits and "-"')).default([]),
  groups: z.array(name).default([]).describe('Groups that it belongs to.'),
  owner: z.string().min(1).optional().describe('Who answers for it.'),
  criticality: z.enum(['low', 'medium', 'high', 'critical']).optional(),
  depends_on: z.array(name).default([]).describe('Names of other entries that it needs.'),
});
const file = z.strictObject({
  hosts: z.array(entry).default([]),
  people: z.array(entry).default([]),
  services: z.array(entry).default([]),
});

const KINDS = { hosts: 'host', people: 'user', services: 'service' } as const;
/** As all parts compare names: exact, but for letter case and Unicode's spellings of one character. */
const canonical = (text: string) => text.normalize('NFC').toLowerCase();

/** Throws an Error that says what is wrong, and where. */
export function parseInventory(source: string, path: string): Inventory {
  const document = parseDocument(source, { uniqueKeys: true, merge: false });
  const [error] = document.errors;
  if (error !== undefined) throw new Error(`${path}: ${error.message}`);
  const parsed = file.safeParse(document.toJS({ maxAliasCount: 20 }) ?? {});
  if (!parsed.success) {
    throw new Error(parsed.error.issues.map((issue) => `${path}: ${issue.path.join('.') || 'the file'}: ${issue.message}`).join('\n'));
  }
  const all = (['hosts', 'people', 'services'] as const).flatMap((group) =>
    parsed.data[group].map((each) => ({ kind: KINDS[group], ...each })),
  );
  const known = new Set(all.flatMap((each) => [each.name, ...each.aliases]).map(canonical));
  for (const each of all) {
    const unknown = each.depends_on.find((needed) => !known.has(canonical(needed)));
    if (unknown !== undefined) throw new Error(`${path}: ${each.name} depends on "${unknown}", which is not in the inventory`);
  }
  return index(all.map((each) => toEntry(each, all)));
}

type Read = z.output<typeof entry> & { readonly kind: string };

function toEntry(each: Read, all: readonly Read[]): InventoryEntry {
  const names = [each.name, ...each.aliases].map(canonical);
  return {
    key: `${each.kind}:${canonical(each.name)}`,
    kind: each.kind,
    name: each.name,
    aliases: each.aliases.map(canonical),
    tags: each.tags,
    groups: each.groups.map(canonical),
    ...(each.owner === undefined ? {} : { owner: each.owner }),
    ...(each.criticality === undefined ? {} : { criticality: each.criticality }),
    dependents: all.filter((other) => other.depends_on.some((needed) => names.includes(canonical(needed)))).map((other) => other.name),
  };
}

function index(entries: readonly InventoryEntry[]): Inventory {
  const byName = new Map<string, InventoryEntry[]>();
  for (const each of entries) {
    for (const one of new Set([canonical(each.name), ...each.aliases])) {
      const at = `${each.kind}\0${one}`;
      byName.set(at, [...(byName.get(at) ?? []), each]);
    }
  }
  return { find: (kind, names) => [...new Set(names.flatMap((one) => byName.get(`${kind}\0${canonical(one)}`) ?? []))] };
}
