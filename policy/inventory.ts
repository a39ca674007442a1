// What is known of entities beside what products say: tags, owners, how critical they are. The strictest reading of several entries counts.

/** One thing of the inventory. Names are lower case and exact. */
export interface InventoryEntry {
  /** kind:name, canonical: what locks and the ledger count. */
  readonly key: string;
  readonly kind: string;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly tags: readonly string[];
  readonly groups: readonly string[];
  readonly owner?: string;
  readonly criticality?: string;
  /** Names of what depends on it. */
  readonly dependents: readonly string[];
  /** Why it cannot be told from another: nothing is done to it. Absent: it can. */
  readonly conflict?: string;
}

export interface Inventory {
  /** All entries of the kind that have one of the names. */
  readonly find: (kind: string, names: readonly string[]) => readonly InventoryEntry[];
}

/** What policy goes by when it is asked about a thing. */
export interface Protection {
  readonly tags: readonly string[];
  readonly groups: readonly string[];
  readonly criticality?: string;
}

/** Whatever is blocked under them loses a host its way: an address or a name of a host is as protected as the host. */
const WAYS_TO_HOSTS: readonly string[] = ['ip', 'domain'];

export const hostsBehind = (inventory: Inventory, kind: string, names: readonly string[]): readonly InventoryEntry[] =>
  WAYS_TO_HOSTS.includes(kind) ? inventory.find('host', names) : [];

export function protectionOf(inventory: Inventory, kind: string, names: readonly string[], entry: InventoryEntry | undefined): Protection {
  const behind = hostsBehind(inventory, kind, names);
  const all = entry === undefined ? behind : [entry, ...behind];
  const [first] = all;
  if (!first) return { tags: [], groups: [] };
  const { tags, groups, criticality } = all.length === 1 ? first : mergeEntries(first, all);
  return { tags, groups, ...(criticality === undefined ? {} : { criticality }) };
}

/** From low to high; a word that is not here counts as none. */
const CRITICALITY: readonly string[] = ['low', 'medium', 'high', 'critical'];

/** The strictest of all: whatever any of the entries says of the thing holds, and the highest criticality. Which came first does not matter. */
export function mergeEntries(first: InventoryEntry, all: readonly InventoryEntry[]): InventoryEntry {
  const owners = [...new Set(all.flatMap((entry) => (entry.owner === undefined ? [] : [entry.owner])))].sort();
  const criticality = CRITICALITY[Math.max(...all.map((entry) => CRITICALITY.indexOf(entry.criticality ?? '')))];
  return {
    key: all.map((entry) => entry.key).sort()[0] ?? first.key,
    kind: first.kind,
    name: first.name,
    aliases: [...new Set(all.flatMap((entry) => entry.aliases))],
    tags: [...new Set(all.flatMap((entry) => entry.tags))],
    groups: [...new Set(all.flatMap((entry) => entry.groups))],
    ...(owners.length > 0 ? { owner: owners.join(', ') } : {}),
    ...(criticality === undefined ? {} : { criticality }),
    dependents: [...new Set(all.flatMap((entry) => entry.dependents))],
  };
}
