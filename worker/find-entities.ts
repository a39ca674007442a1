// Who or what a name stands for, asked of every connected product that has a directory.
import type { EntityKind } from '../connectors/connector.ts';
import type { OpenConnectors } from '../connectors/registry.ts';
import type { FindEntities, FoundEntity } from '../server/name-entities.ts';

/** Things of several products that share a name or address are one thing. */
export function entityFinder(connectors: Pick<OpenConnectors, 'instances'>): FindEntities {
  return async (kind, name, signal) => {
    const ref = kind === 'user' ? { id: name, name, email: name } : { id: name, name, ip: name };
    const asked = connectors.instances.flatMap(({ connector, client }) =>
      // The instance's own client goes with its own connector.
      connector.resolve ? [connector.resolve(client as never, kind satisfies EntityKind, ref, signal)] : [],
    );
    const answers = await Promise.allSettled(asked);
    const heard = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    if (heard.length === 0) return undefined;
    const found = distinct(heard.flat());
    // One that does not answer may be the one that knows it.
    return found.length === 0 && heard.length < asked.length ? undefined : found;
  };
}

function distinct(all: readonly FoundEntity[]): readonly FoundEntity[] {
  const kept: FoundEntity[] = [];
  for (const entity of all) if (!kept.some((one) => isSame(one, entity))) kept.push(entity);
  return kept;
}

function isSame(a: FoundEntity, b: FoundEntity): boolean {
  const names = ({ id, aliases }: FoundEntity) => [id, ...aliases].map((name) => name.toLowerCase());
  return names(a).some((name) => names(b).includes(name));
}
