// What several sources say of the same real things, as one entity for each thing: FQDN, short name and vendor id lock and count as one.
// Linked by exact names only. Names that would join two entries of one source belong to nobody: their targets are an error, never a guess.
import type { Inventory, InventoryEntry } from './inventory.ts';
import { mergeEntries } from './inventory.ts';
import { readNetwork } from './network.ts';

/** One thing as one source knows it. */
export interface EntityRecord {
  /** file · import:<name> · connector:<id> */
  readonly source: string;
  readonly kind: string;
  readonly name: string;
  /** Other exact names: id, login, e-mail, FQDN. */
  readonly aliases: readonly string[];
  readonly tags: readonly string[];
  readonly groups: readonly string[];
  readonly owner?: string;
  readonly criticality?: string;
  /** Names of what it needs. */
  readonly dependsOn: readonly string[];
}

export interface CanonicalEntity {
  readonly entry: InventoryEntry;
  readonly records: readonly EntityRecord[];
  /** Why its names cannot be told from those of another; absent: they can. */
  readonly conflict?: string;
}

/** As all parts compare names: exact, but for letter case and Unicode's spellings of one character. */
export const canonicalName = (text: string): string => text.normalize('NFC').toLowerCase();

/** Unique within a source. */
export const recordId = ({ kind, name }: Pick<EntityRecord, 'kind' | 'name'>): string => `${kind}:${canonicalName(name)}`;

/** Names that tell things apart. People share display names, and addresses wander from one host to the next. */
export function linkNames({ kind, name, aliases }: Pick<EntityRecord, 'kind' | 'name' | 'aliases'>): string[] {
  const lasting = aliases.map(canonicalName).filter((one) => readNetwork(one) === undefined);
  return [...new Set(kind === 'user' && lasting.length > 0 ? lasting : [canonicalName(name), ...lasting])];
}

export function canonicalEntities(records: readonly EntityRecord[]): CanonicalEntity[] {
  const dependents = dependentsOf(records);
  const made = linked(records).flatMap((group): readonly Made[] => {
    const clash = clashOf(group);
    if (clash === undefined) return [{ records: group }];
    const stricter = unclear(entryOf(group, dependents), clash);
    return group.map((record) => ({ records: [record], stricter }));
  });
  const taken = new Set<string>();
  return made.map(({ records: group, stricter }) => {
    const entry = entryOf(group, dependents);
    // Two people of the same display name are two: the second is known by a name that tells them apart.
    const others = [
      ...group.flatMap(linkNames).map((name) => `${entry.kind}:${name}`),
      ...group.map((one) => `${recordId(one)} of ${one.source}`),
    ];
    const key = stricter ? entry.key : ([entry.key, ...others].find((one) => !taken.has(one)) ?? entry.key);
    taken.add(key);
    return { records: group, entry: { ...entry, ...stricter, key }, ...(stricter ? { conflict: stricter.conflict } : {}) };
  });
}

interface Made {
  readonly records: readonly EntityRecord[];
  readonly stricter?: ReturnType<typeof unclear>;
}

/** What cannot be told apart is as protected as all of it together: a name or an address may be of any. */
const unclear = ({ tags, groups, criticality }: InventoryEntry, conflict: string) => ({
  ...{ tags, groups, conflict },
  ...(criticality === undefined ? {} : { criticality }),
});

/** For resolving targets. */
export function inventoryOf(entities: readonly Pick<CanonicalEntity, 'entry'>[]): Inventory {
  const byName = new Map<string, InventoryEntry[]>();
  for (const { entry } of entities) {
    for (const name of new Set([canonicalName(entry.name), ...entry.aliases])) {
      const at = `${entry.kind}\0${name}`;
      addTo(byName, at, entry);
    }
  }
  return { find: (kind, names) => [...new Set(names.flatMap((name) => byName.get(`${kind}\0${canonicalName(name)}`) ?? []))] };
}

/** Records that share a name, directly or through others; in a fixed order, whichever came first. */
function linked(records: readonly EntityRecord[]): EntityRecord[][] {
  const sorted = [...records].sort(
    (a, b) => rank(a.source) - rank(b.source) || compare(a.source, b.source) || compare(recordId(a), recordId(b)),
  );
  const parent = sorted.map((_, index) => index);
  const root = (index: number): number => {
    let at = index;
    while (parent[at] !== at) {
      const up = parent[parent[at] ?? at] ?? at;
      parent[at] = up;
      at = up;
    }
    return at;
  };
  const owner = new Map<string, number>();
  for (const [index, record] of sorted.entries()) {
    for (const name of linkNames(record)) {
      const at = `${record.kind}\0${name}`;
      const other = owner.get(at);
      if (other === undefined) owner.set(at, index);
      else parent[Math.max(root(index), root(other))] = Math.min(root(index), root(other));
    }
  }
  const groups = new Map<number, EntityRecord[]>();
  for (const [index, record] of sorted.entries()) addTo(groups, root(index), record);
  return [...groups.values()];
}

/** What people have written down counts first, for the name and the key. */
const rank = (source: string): number => (source === 'file' ? 0 : source.startsWith('import:') ? 1 : 2);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function clashOf(group: readonly EntityRecord[]): string | undefined {
  for (const [index, record] of group.entries()) {
    const twin = group.slice(index + 1).find((other) => other.source === record.source);
    if (twin)
      return `${record.name} and ${twin.name} are two in ${record.source}, and share a name with each other or through another source`;
  }
  return undefined;
}

/** By the name that is needed. Made once for all: asked of each record anew, a large inventory would stop everything else for seconds. */
type Dependents = ReadonlyMap<string, readonly EntityRecord[]>;

function dependentsOf(records: readonly EntityRecord[]): Dependents {
  const byNeed = new Map<string, EntityRecord[]>();
  for (const record of records) for (const needed of new Set(record.dependsOn.map(canonicalName))) addTo(byNeed, needed, record);
  return byNeed;
}

function addTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

function entryOf(group: readonly EntityRecord[], needing: Dependents): InventoryEntry {
  const entries = group.map((record): InventoryEntry => {
    const names = [record.name, ...record.aliases].map(canonicalName);
    return {
      key: recordId(record),
      kind: record.kind,
      name: record.name,
      aliases: record.aliases.map(canonicalName),
      tags: record.tags,
      groups: record.groups.map(canonicalName),
      ...(record.owner === undefined ? {} : { owner: record.owner }),
      ...(record.criticality === undefined ? {} : { criticality: record.criticality }),
      dependents: [...new Set(names.flatMap((name) => needing.get(name) ?? []))].map((other) => other.name),
    };
  });
  const [first] = entries;
  if (!first) throw new Error('an entity without a record');
  if (entries.length === 1) return first;
  const merged = mergeEntries(first, entries);
  const aliases = [...new Set([...merged.aliases, ...entries.slice(1).map(({ name }) => canonicalName(name))])];
  return { ...merged, key: first.key, aliases };
}
