// From a reference to the things that it names: exactly, and never to more than it names.
import { ConnectorFailure, type Entity, type EntityKind, type EntityRef } from './connector.ts';

/** Looks up all things whose id, name, e-mail or address is exactly the value. */
export type Lookups = Readonly<Partial<Record<keyof EntityRef, (value: string) => Promise<readonly Entity[]>>>>;

/**
 * Members that name nothing here are passed over (an id of another product). What the others name must agree: where they
 * contradict each other all of them are answered, and the runtime refuses the reference as ambiguous.
 * Throws ConnectorFailure permanent EMPTY_REFERENCE where the reference has no member that this product knows.
 */
export async function matchExactly(kind: EntityKind, ref: EntityRef, lookups: Lookups): Promise<readonly Entity[]> {
  const asked: Promise<readonly Entity[]>[] = [];
  for (const member of ['id', 'email', 'name', 'ip'] as const) {
    const value = ref[member];
    const find = lookups[member];
    if (find !== undefined && value !== undefined && value !== '') asked.push(find(value));
  }
  if (asked.length === 0) throw emptyReference(kind, Object.keys(lookups));
  const found = (await Promise.all(asked)).filter((list) => list.length > 0);
  const all = new Map(found.flat().map((entity) => [entity.id, entity]));
  const common = [...all.values()].filter((entity) => found.every((list) => list.some((each) => each.id === entity.id)));
  return common.length > 0 ? common : [...all.values()];
}

/** The one thing, for reads that resolve by themselves. Throws ConnectorFailure permanent NOT_FOUND or AMBIGUOUS. */
export function theOnly(kind: EntityKind, found: readonly Entity[]): Entity {
  const [first, ...more] = found;
  if (first === undefined) throw new ConnectorFailure('permanent', 'NOT_FOUND', `No ${kind} here has exactly these names.`);
  if (more.length > 0) {
    throw new ConnectorFailure(
      'permanent',
      'AMBIGUOUS',
      `${found.length} things match this ${kind}: ${found
        .slice(0, 5)
        .map((each) => each.id)
        .join(', ')}. Name it by its id.`,
    );
  }
  return first;
}

/** The resolved target, which the runtime passes to every action that has one. */
export function targetOf(entity: Entity | undefined): Entity {
  if (entity === undefined)
    throw new ConnectorFailure('permanent', 'NO_TARGET', 'The action was called without its target; nothing was sent.');
  return entity;
}

function emptyReference(kind: EntityKind, members: readonly string[]): ConnectorFailure {
  return new ConnectorFailure('permanent', 'EMPTY_REFERENCE', `The reference names no ${kind} here; give its ${members.join(' or ')}.`);
}
