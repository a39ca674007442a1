// Versions of a playbook beside the one in force: drafts, and going back. Runs that are under way keep theirs.
import { type Kysely, sql } from 'kysely';
import type { Plan } from '../language/plan.ts';
import { appendAudit } from './audit.ts';
import { jsonText } from './json-text.ts';
import type { Publication } from './playbook-versions.ts';
import type { Db } from './store.ts';
import type { Database } from './tables.ts';

export interface VersionRecord {
  readonly version: number;
  readonly digest: string;
  readonly state: 'draft' | 'published' | 'superseded';
  readonly mode: string;
  readonly author: string;
  readonly author_id: string;
  readonly published_by: string | null;
  readonly written_at: Date;
  readonly published_at: Date;
  readonly plan: Plan;
  readonly source: string;
  readonly path: string;
}

const MAX_VERSIONS = 100;

/** Newest first. */
export async function listVersions(db: Db, playbook: string): Promise<readonly VersionRecord[]> {
  const { rows } = await sql<VersionRecord>`
    select v.version, v.digest, v.state, v.mode, coalesce(a.name, v.author) as author, v.author as author_id, coalesce(p.name, v.published_by) as published_by,
      v.written_at, v.published_at, v.plan, v.source, v.path
    from playbook_versions v left join people a on a.id = v.author left join people p on p.id = v.published_by
    where v.playbook = ${playbook} order by v.version desc limit ${MAX_VERSIONS}`.execute(db);
  return rows;
}

/** When a version was written, put in force or gone back to, by whom and why. */
export interface VersionEvent {
  readonly version: number;
  readonly code: string;
  readonly at: Date;
  readonly by: string;
  /** Absent where none was given, or it was erased. */
  readonly reason: string | null;
}

const MAX_EVENTS = 300;

/** From the audit, newest first. */
export async function listVersionEvents(db: Db, playbook: string): Promise<readonly VersionEvent[]> {
  const { rows } = await sql<VersionEvent>`
    select (e.body->>'version')::int as version, e.code, e.at, coalesce(p.name, e.actor) as by,
      nullif(coalesce(e.personal->>'reason', e.body->>'reason'), '') as reason
    from audit_events e left join people p on p.id = e.actor
    where e.stream = 'admin' and e.code in ('playbook.drafted', 'playbook.published', 'playbook.rolled_back')
      and e.body->>'playbook' = ${playbook}
    order by e.seq desc limit ${MAX_EVENTS}`.execute(db);
  return rows;
}

/** A version that is not in force. The same plan again is the version that it was. */
export async function saveDraft(
  db: Kysely<Database>,
  wanted: Omit<Publication, 'yieldToPeople'>,
  now: Date,
): Promise<{ readonly version: number; readonly fresh: boolean }> {
  return await db.transaction().execute(async (trx) => {
    const name = wanted.plan.playbook;
    await sql`select 1 from playbook_versions where playbook = ${name} for update`.execute(trx);
    const { rows } = await sql<{ version: number; fresh: boolean }>`
      with made as (
        insert into playbook_versions (digest, playbook, version, mode, state, plan, source, path, author, published_at)
        select ${wanted.digest}, ${name}, coalesce(max(version), 0) + 1, coalesce((array_agg(mode order by version desc))[1], ${wanted.firstMode}), 'draft',
          ${jsonText(wanted.plan)}::json, ${wanted.source}, ${wanted.path}, ${wanted.author}, ${now}
        from playbook_versions where playbook = ${name}
        on conflict (digest) do nothing returning version
      )
      select version, true as fresh from made union all select version, false from playbook_versions where digest = ${wanted.digest} and not exists (select 1 from made)`.execute(
      trx,
    );
    const found = rows[0];
    if (!found) throw new Error(`the draft of ${name} was neither made nor found`);
    if (found.fresh)
      await appendAudit(trx, 'admin', [
        {
          at: now,
          code: 'playbook.drafted',
          actor: wanted.author,
          body: { playbook: name, version: found.version, digest: wanted.digest },
        },
      ]);
    return found;
  });
}

export interface PublishWish {
  readonly playbook: string;
  readonly version: number;
  readonly by: string;
  readonly reason: string;
  /** Who wrote a draft does not put it in force alone. Going back to what was in force before is always open to one. */
  readonly needsSecond: boolean;
}

export type VersionPublished = 'published' | 'unchanged' | 'missing' | 'needs-second';

/** Puts a version that is there in force: a draft, or an older one. */
export async function publishVersion(db: Kysely<Database>, wish: PublishWish, now: Date): Promise<VersionPublished> {
  return await db.transaction().execute(async (trx) => {
    const rows = await trx
      .selectFrom('playbook_versions')
      .select(['digest', 'version', 'state', 'author', 'mode'])
      .where('playbook', '=', wish.playbook)
      .forUpdate()
      .execute();
    const wanted = rows.find(({ version }) => version === wish.version);
    if (!wanted) return 'missing';
    if (wanted.state === 'published') return 'unchanged';
    if (wanted.state === 'draft' && wish.needsSecond && wanted.author === wish.by) return 'needs-second';
    const mode = rows.find(({ state }) => state === 'published')?.mode ?? wanted.mode;
    await trx
      .updateTable('playbook_versions')
      .set({ state: 'superseded' })
      .where('playbook', '=', wish.playbook)
      .where('state', '=', 'published')
      .execute();
    await trx
      .updateTable('playbook_versions')
      .set({ state: 'published', mode, published_at: now, published_by: wish.by })
      .where('digest', '=', wanted.digest)
      .execute();
    const code = wanted.state === 'draft' ? 'playbook.published' : 'playbook.rolled_back';
    const body = { playbook: wish.playbook, version: wish.version, digest: wanted.digest, reason: wish.reason };
    await appendAudit(trx, 'admin', [{ at: now, code, actor: wish.by, body }]);
    return 'published';
  });
}
