// Would a change of the inventory take away what protects something? Tags, groups and criticality that a policy's rules, limits or forbidden targets look at,
// under every exact name by which the thing can be meant.
import { type CanonicalEntity, canonicalName, inventoryOf } from './entities.ts';
import type { InventoryEntry } from './inventory.ts';
import { readNetwork } from './network.ts';
import type { Policy } from './policy.ts';

export interface Loosening {
  /** Key of the entity: user:eve adams. */
  readonly entity: string;
  /** In words: "the tag vip", "critical". Sorted. */
  readonly loses: readonly string[];
}

/** What makes a policy stricter about a thing: what it loses of this is a loosening, the rest is not. */
type Protections = (entry: InventoryEntry) => readonly string[];

/** A rule that allows protects nothing. */
export function protectionsBy(policy: Pick<Policy, 'rules' | 'limits' | 'forbidden'>): Protections {
  const strict = [...policy.rules.filter((rule) => rule.consequence.then !== 'allow'), ...policy.limits].map(({ match }) => match);
  const groupsOf = (match: (typeof strict)[number]): readonly string[] => ('groups' in match ? (match.groups ?? []) : []);
  const tags = new Set([...strict.flatMap((match) => match.tags ?? []), ...policy.forbidden.tags]);
  const groups = new Set(strict.flatMap(groupsOf).map(canonicalName));
  const criticality = new Set<string>(strict.flatMap((match) => match.criticality ?? []));
  return (entry) => [
    ...entry.tags.filter((tag) => tags.has(tag)).map((tag) => `the tag ${tag}`),
    ...entry.groups.filter((group) => groups.has(group)).map((group) => `the group ${group}`),
    ...(entry.criticality !== undefined && criticality.has(entry.criticality) ? [entry.criticality] : []),
  ];
}

/** Sorted by entity; empty: nothing loses anything. A name that nobody can be told by is refused, and so no loosening. */
export function loosenings(before: readonly CanonicalEntity[], after: readonly CanonicalEntity[], of: Protections): readonly Loosening[] {
  const unclear = new Set(after.filter(({ conflict }) => conflict !== undefined).flatMap(({ entry }) => namesOf(entry)));
  const { find } = inventoryOf(after);
  const found: Loosening[] = [];
  for (const { entry, conflict } of before) {
    const had = conflict === undefined ? of(entry) : [];
    if (had.length === 0) continue;
    const lost = namesOf(entry)
      .filter((name) => !unclear.has(name))
      .flatMap((name) => {
        const has = new Set(find(entry.kind, [name]).flatMap(of));
        return had.filter((one) => !has.has(one));
      });
    if (lost.length > 0) found.push({ entity: entry.key, loses: [...new Set(lost)].sort() });
  }
  return found.sort((a, b) => (a.entity < b.entity ? -1 : 1));
}

/** Addresses wander from one host to the next: that one lost it says nothing. */
const namesOf = ({ name, aliases, kind }: InventoryEntry): string[] => [
  ...(kind === 'user' && aliases.length > 0 ? [] : [canonicalName(name)]),
  ...aliases.filter((alias) => readNetwork(alias) === undefined),
];
