// What products know of hosts and people, brought into the inventory: at the start, every hour, and when somebody asks. One worker at a time.
import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import { ConnectorFailure, type DirectoryEntry } from '../connectors/connector.ts';
import type { Instance, OpenConnectors } from '../connectors/registry.ts';
import type { EntityRecord } from '../policy/entities.ts';
import { type Loosening, protectionsBy } from '../policy/loosening.ts';
import type { Policy } from '../policy/policy.ts';
import { replaceEntities } from '../store/entities.ts';
import { type ClaimedSync, claimSync, endSync, heldDigest } from '../store/entity-sync.ts';
import type { Store } from '../store/store.ts';

const EVERY_MS = 60 * 60_000;
/** How often it is looked whether the hour is over, or somebody asked, ms. */
const LOOK_EVERY_MS = 30_000;
/** A directory that takes longer is given up, ms. */
const WITHIN_MS = 5 * 60_000;
const MAX_ENTRIES = 100_000;
/** A directory that has lost more than this part of what it knew is taken for broken: tags that protect must not vanish by a fault. */
const MAX_LOST = 0.2;
/** So few may be the end of some accounts in a small directory, up to a larger part of it; one alone always may. */
const FEW = 10;
const MAX_LOST_OF_FEW = 0.5;
/** Changes that are kept for people to read; whoever accepts them accepts all. */
const SHOWN = 200;

export interface DirectoryWatchOptions {
  readonly store: Store;
  readonly connectors: Pick<OpenConnectors, 'instances'>;
  readonly log: Logger;
  readonly now: () => Date;
  readonly page: (message: string) => void;
  /** The policy in force: what it is stricter for is taken away by a person only. */
  readonly policy: () => Policy;
  readonly everyMs?: number;
}

export interface DirectoryWatch {
  /** One round now, of the directories whose time has come. */
  readonly sync: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export function watchDirectories(options: DirectoryWatchOptions): DirectoryWatch {
  const { store, connectors, log, everyMs = EVERY_MS } = options;
  const stopping = new AbortController();
  const round = async (): Promise<void> => {
    for (const instance of connectors.instances) {
      if (stopping.signal.aborted || !instance.connector.directory) continue;
      const claimed = await claimSync(store.db, instance.id, { everyMs, withinMs: WITHIN_MS });
      if (claimed) await syncOne(options, instance, claimed, stopping.signal);
    }
  };
  let busy: Promise<void> = Promise.resolve();
  const next = (): Promise<void> => {
    busy = busy.then(round).catch((error: unknown) => log.warn({ err: error }, 'the directories could not be read; they are tried again'));
    return busy;
  };
  const end = store.onWake('entity_sync', () => void next());
  const timer = setInterval(() => void next(), LOOK_EVERY_MS);
  timer.unref();
  void next();
  return {
    sync: next,
    stop: async () => {
      end();
      clearInterval(timer);
      stopping.abort();
      await busy;
    },
  };
}

async function syncOne(options: DirectoryWatchOptions, instance: Instance, claimed: ClaimedSync, stopping: AbortSignal): Promise<void> {
  const { store, log, now, page } = options;
  const source = `connector:${instance.id}`;
  try {
    const records = await readDirectory(instance, source, AbortSignal.any([stopping, AbortSignal.timeout(WITHIN_MS)]));
    const cautious = { source, records, by: 'cordon', keeps: protectionsBy(options.policy()) };
    const seen = await replaceEntities(store.db, { ...cautious, preview: true }, now());
    const known = seen.removed.length + seen.changed.length + seen.unchanged;
    // In an order of its own: what is accepted is known again by its digest.
    const gone = isMuch(seen.removed.length, known) ? [...seen.removed].sort() : [];
    const changes = [...(seen.keptBack ?? []), ...gone.map((entity) => ({ entity, loses: ['everything that was known of it'] }))];
    const digest = digestOf(changes);
    const accepted = digest !== undefined && digest === claimed.accepted;
    const wish = accepted ? { source, records, by: claimed.by ?? 'cordon' } : cautious;
    const held = digest === undefined ? undefined : { changes: changes.slice(0, SHOWN), digest };
    // Said once, not every hour.
    const isNews = held !== undefined && !accepted && digest !== (await heldDigest(store.db, instance.id));
    if (gone.length > 0 && !accepted) {
      const words = `${instance.id} knows ${gone.length} of ${known} things no more; its directory is not taken over until a person has accepted it (cordon entities sync --accept ${instance.id})`;
      if (isNews) page(words);
      return await endSync(store.db, instance.id, words, held);
    }
    const change = await replaceEntities(store.db, wish, now());
    const isSame = change.added.length + change.changed.length + change.removed.length === 0;
    if (!isSame) store.wake('entities');
    const words = `${records.length} entries, ${change.conflicts.length} of them unclear`;
    if (accepted || held === undefined) return await endSync(store.db, instance.id, words);
    if (isNews) page(sayHeld(instance.id, changes));
    await endSync(store.db, instance.id, `${words}; ${changes.length} kept as they were: a person must accept what they would lose`, held);
  } catch (error) {
    const words = error instanceof ConnectorFailure ? error.message : 'the directory could not be read';
    log.warn({ err: error, connector: instance.id }, 'a directory was not read; what was known of it stays');
    await endSync(store.db, instance.id, words);
  }
}

const SAID = 5;

function sayHeld(connector: string, changes: readonly Loosening[]): string {
  const some = changes.slice(0, SAID).map(({ entity, loses }) => `${entity} would lose ${loses.join(', ')}`);
  const more = changes.length > SAID ? ` and ${changes.length - SAID} more` : '';
  return `${connector} says less of ${changes.length} protected things than before; they stay as they were until a person has accepted it (cordon entities sync --accept ${connector}): ${some.join('; ')}${more}`;
}

const digestOf = (changes: readonly Loosening[]): string | undefined =>
  changes.length === 0 ? undefined : createHash('sha256').update(JSON.stringify(changes)).digest('hex');

const isMuch = (lost: number, known: number): boolean => lost > 1 && lost > known * (lost > FEW ? MAX_LOST : MAX_LOST_OF_FEW);

async function readDirectory({ connector, client }: Instance, source: string, signal: AbortSignal): Promise<readonly EntityRecord[]> {
  const records = new Map<string, EntityRecord>();
  for await (const page of connector.directory?.(client, signal) ?? []) {
    for (const entry of page) records.set(`${entry.kind} ${entry.id.toLowerCase()}`, toRecord(entry, source));
    if (records.size > MAX_ENTRIES) throw new ConnectorFailure('permanent', 'TOO_MANY', `it has more than ${MAX_ENTRIES} entries`);
  }
  return [...records.values()];
}

/** Known by its id, which lasts; a person's display name is no name to find anybody by. */
const toRecord = ({ kind, id, name, aliases, tags, groups }: DirectoryEntry, source: string): EntityRecord => ({
  source,
  kind,
  name: id,
  aliases: [...new Set([...(kind === 'user' || name === id ? [] : [name]), ...aliases])],
  tags: (tags ?? []).map((tag) => tag.toLowerCase()),
  groups: groups ?? [],
  dependsOn: [],
});
