// The inventory as it is kept: what each source says, and which entity each of its entries belongs to. One writer at a time.
import { type Kysely, sql } from 'kysely';
import { type CanonicalEntity, canonicalEntities, type EntityRecord, recordId } from '../policy/entities.ts';
import { type Loosening, loosenings } from '../policy/loosening.ts';
import { appendAudit } from './audit.ts';
import { moveToKeys } from './entity-keys.ts';
import { jsonText } from './json-text.ts';
import { sha256 } from './sha256.ts';
import type { Db, Trx } from './store.ts';
import type { Database } from './tables.ts';

/** What an import does, or would do. Ids are `kind:name`. */
export interface EntityChange {
  readonly source: string;
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: number;
  /** Entries whose names cannot be told from those of others: nothing is done to them until that is mended. */
  readonly conflicts: readonly { readonly id: string; readonly why: string }[];
  /** What would have lost what protects it, and stays as it was until a person has accepted it. */
  readonly keptBack?: readonly Loosening[];
}

interface Row {
  readonly source: string;
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly tags: readonly string[];
  readonly groups: readonly string[];
  readonly owner: string | null;
  readonly criticality: string | null;
  readonly depends_on: readonly string[];
  readonly entity: string;
  readonly conflict: string | null;
}

export const toEntityRecord = (row: Omit<Row, 'id' | 'entity' | 'conflict'>): EntityRecord => ({
  source: row.source,
  kind: row.kind,
  name: row.name,
  aliases: row.aliases,
  tags: row.tags,
  groups: row.groups,
  ...(row.owner === null ? {} : { owner: row.owner }),
  ...(row.criticality === null ? {} : { criticality: row.criticality }),
  dependsOn: row.depends_on,
});

export async function readEntityRecords(db: Db): Promise<readonly EntityRecord[]> {
  return (await readRows(db)).map(toEntityRecord);
}

const readRows = async (db: Db): Promise<readonly Row[]> =>
  (
    await sql<Row>`select source, id, kind, name, aliases, tags, groups, owner, criticality, depends_on, entity, conflict from entities`.execute(
      db,
    )
  ).rows;

export interface EntityWish {
  readonly source: string;
  readonly records: readonly EntityRecord[];
  /** Person id, or 'cordon'. */
  readonly by: string;
  /** Say what would change, and change nothing. */
  readonly preview?: boolean;
  /** What the policy in force is stricter for: entries that would lose some of it stay as they were. Absent: a person has looked. */
  readonly keeps?: Parameters<typeof loosenings>[2];
}

/** What the source says now is all that it says: what it no longer has is taken out. */
export async function replaceEntities(db: Kysely<Database>, wish: EntityWish, now: Date): Promise<EntityChange> {
  return await db.transaction().execute(async (trx) => {
    // Two imports at once would each link against what the other is about to change.
    await sql`lock table entities in share row exclusive mode`.execute(trx);
    const before = await readRows(trx);
    const others = before.filter(({ source }) => source !== wish.source).map(toEntityRecord);
    const kept = wish.keeps ? keepProtected(before, others, wish, wish.keeps) : { records: wish.records, loses: [] };
    const entities = canonicalEntities([...others, ...kept.records]);
    const change = {
      ...changeOf(before, { ...wish, records: kept.records }, entities),
      ...(kept.loses.length > 0 ? { keptBack: kept.loses } : {}),
    };
    const isSame = change.added.length + change.changed.length + change.removed.length === 0;
    if (wish.preview) return change;
    if (!isSame) {
      await sql`delete from entities`.execute(trx);
      await insertAll(trx, entities);
    }
    // Also when nothing else changed: a process that had not heard of the change before may have used an old key since.
    await moveToKeys(trx, before, entities);
    if (isSame) return change;
    const { source, added, changed, removed } = change;
    const said = before.filter((row) => row.source === source).map(toEntityRecord);
    const body = {
      ...{ source, count: kept.records.length, added: added.length, changed: changed.length, removed: removed.length },
      ...{ was: digestOf(said), digest: digestOf(kept.records) },
    };
    await appendAudit(trx, 'admin', [{ at: now, code: 'entities.changed', actor: wish.by, body }]);
    return change;
  });
}

/** What of the new records may be taken over: where something would lose what protects it, the source's own entries of it stay as they were. */
function keepProtected(
  before: readonly Row[],
  others: readonly EntityRecord[],
  { source, records }: EntityWish,
  of: Parameters<typeof loosenings>[2],
): { readonly records: readonly EntityRecord[]; readonly loses: readonly Loosening[] } {
  const was = canonicalEntities(before.map(toEntityRecord));
  const loses = loosenings(was, canonicalEntities([...others, ...records]), of);
  if (loses.length === 0) return { records, loses };
  const losers = new Set(loses.map(({ entity }) => entity));
  const stay = was.filter(({ entry }) => losers.has(entry.key)).flatMap((one) => one.records.filter((record) => record.source === source));
  const ids = new Set(stay.map(recordId));
  const mixed = [...records.filter((record) => !ids.has(recordId(record))), ...stay];
  // A name that has gone over to another entry can still take something away: then nothing is taken over.
  if (loosenings(was, canonicalEntities([...others, ...mixed]), of).length === 0) return { records: mixed, loses };
  return { records: before.filter((row) => row.source === source).map(toEntityRecord), loses };
}

function changeOf(before: readonly Row[], wish: EntityWish, entities: readonly CanonicalEntity[]): EntityChange {
  const own = new Map(before.filter(({ source }) => source === wish.source).map((row) => [row.id, toEntityRecord(row)]));
  const now = new Map(wish.records.map((record) => [recordId(record), record]));
  const added = [...now.keys()].filter((id) => !own.has(id));
  const kept = [...now.keys()].filter((id) => own.has(id));
  const changed = kept.filter((id) => JSON.stringify(sorted(now.get(id))) !== JSON.stringify(sorted(own.get(id))));
  const conflicts = entities.flatMap(({ records, conflict }) =>
    conflict === undefined ? [] : records.map((record) => ({ id: recordId(record), why: conflict })),
  );
  return {
    source: wish.source,
    added,
    changed,
    removed: [...own.keys()].filter((id) => !now.has(id)),
    unchanged: kept.length - changed.length,
    conflicts,
  };
}

/** The same whatever the order of its lists. */
const sorted = (record: EntityRecord | undefined) =>
  record && [
    record.name,
    [...record.aliases].sort(),
    [...record.tags].sort(),
    [...record.groups].sort(),
    record.owner,
    record.criticality,
    [...record.dependsOn].sort(),
  ];

/** Of all that a source says, in whatever order. */
const digestOf = (records: readonly EntityRecord[]): string =>
  sha256(JSON.stringify(records.map((record) => [recordId(record), sorted(record)]).sort()));

async function insertAll(trx: Trx, entities: readonly CanonicalEntity[]): Promise<void> {
  const rows = entities.flatMap(({ entry, records, conflict }) =>
    records.map(({ dependsOn, ...record }) => ({
      ...record,
      id: recordId(record),
      entity: entry.key,
      conflict: conflict ?? null,
      depends_on: dependsOn,
    })),
  );
  await sql`
    insert into entities (source, id, kind, name, aliases, tags, groups, owner, criticality, depends_on, entity, conflict)
    select source, id, kind, name, aliases, tags, groups, owner, criticality, depends_on, entity, conflict
    from json_to_recordset(${jsonText(rows)}::json) as r (source text, id text, kind text, name text, aliases text[], tags text[], groups text[],
      owner text, criticality text, depends_on text[], entity text, conflict text)`.execute(trx);
}
