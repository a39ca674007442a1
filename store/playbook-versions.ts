// Published playbooks. A version is a checked plan under its digest; one version of a playbook is published at a time, older ones stay for their runs.
import { type Kysely, sql } from 'kysely';
import type { Diagnostic } from '../language/diagnostics.ts';
import type { Plan } from '../language/plan.ts';
import { appendAudit } from './audit.ts';
import { jsonText } from './json-text.ts';
import type { Db, Trx } from './store.ts';
import type { Database } from './tables.ts';

/** Who publishes what lies in the playbook folder. Other authors are people's ids. */
export const FOLDER_AUTHOR = 'folder';

export type PlaybookMode = 'observe' | 'ask' | 'act';

/** The plans of these digests, as far as they exist. */
export async function loadPlans(db: Db, digests: readonly string[]): Promise<{ digest: string; plan: Plan }[]> {
  const rows = await db
    .selectFrom('playbook_versions')
    .select(['digest', 'plan'])
    .where('digest', 'in', [...digests])
    .execute();
  // Only publishPlaybook writes the column, and it is given a checked Plan.
  return rows.map((row) => ({ digest: row.digest, plan: row.plan as Plan }));
}

/** What is published, as text: what a playbook that is about to be published may call. */
export async function publishedTexts(db: Db): Promise<{ file: string; text: string }[]> {
  const rows = await db
    .selectFrom('playbook_versions')
    .select(['path', 'source'])
    .where('state', '=', 'published')
    .orderBy('playbook')
    .execute();
  return rows.map(({ path, source }) => ({ file: path, text: source }));
}

/** Of every version that is in force. */
export async function publishedDigests(db: Db): Promise<readonly string[]> {
  const rows = await db.selectFrom('playbook_versions').select('digest').where('state', '=', 'published').orderBy('playbook').execute();
  return rows.map(({ digest }) => digest);
}

export interface Publication {
  readonly plan: Plan;
  /** Hex sha256 of the plan's canonical JSON. */
  readonly digest: string;
  /** The YAML text. */
  readonly source: string;
  /** As shown in diagnostics. */
  readonly path: string;
  readonly author: string;
  /** Mode of the playbook's first version; later ones keep the mode of the one before. */
  readonly firstMode: PlaybookMode;
  /** A file seen for the first time since the start does not push out what a person has published after it. */
  readonly yieldToPeople: boolean;
}

export type Published = { readonly kind: 'published' | 'unchanged' | 'kept'; readonly version: number };

interface VersionRow {
  readonly digest: string;
  readonly version: number;
  readonly mode: string;
  readonly state: string;
  readonly author: string;
  readonly published_by: string | null;
}

/** In one transaction: the new version, the end of the older one, the end of the file's faults, the audit event. */
export async function publishPlaybook(db: Kysely<Database>, wanted: Publication, now: Date): Promise<Published> {
  return await db.transaction().execute(async (trx) => {
    const name = wanted.plan.playbook;
    const versions: VersionRow[] = await trx
      .selectFrom('playbook_versions')
      .select(['digest', 'version', 'mode', 'state', 'author', 'published_by'])
      .where('playbook', '=', name)
      .orderBy('version', 'desc')
      .forUpdate()
      .execute();
    await trx.deleteFrom('playbook_faults').where('path', '=', wanted.path).execute();
    const current = versions.find((version) => version.state === 'published');
    const same = versions.find((version) => version.digest === wanted.digest);
    if (current && current.digest === wanted.digest) {
      await refreshText(trx, wanted);
      return { kind: 'unchanged', version: current.version };
    }
    if (wanted.yieldToPeople && same && current && (current.published_by ?? current.author) !== FOLDER_AUTHOR)
      return { kind: 'kept', version: current.version };
    const version = same?.version ?? (versions[0]?.version ?? 0) + 1;
    await supersedeOthers(trx, wanted);
    const mode = current?.mode ?? versions[0]?.mode ?? wanted.firstMode;
    await putInForce(trx, wanted, version, mode, now);
    const body = { playbook: name, version, digest: wanted.digest, path: wanted.path, mode };
    await appendAudit(trx, 'admin', [
      { at: now, code: 'playbook.published', actor: wanted.author === FOLDER_AUTHOR ? 'cordon' : wanted.author, body },
    ]);
    return { kind: 'published', version };
  });
}

/** The older versions of the playbook, and what the same file published under another name. */
async function supersedeOthers(trx: Trx, wanted: Publication): Promise<void> {
  await sql`update playbook_versions set state = 'superseded' where state = 'published'
    and (playbook = ${wanted.plan.playbook} or (path = ${wanted.path} and author = ${FOLDER_AUTHOR} and ${wanted.author} = ${FOLDER_AUTHOR}))`.execute(
    trx,
  );
}

/** A plan that was published before is in force again under its old number. */
async function putInForce(trx: Trx, wanted: Publication, version: number, mode: string, now: Date): Promise<void> {
  await sql`
    insert into playbook_versions (digest, playbook, version, mode, plan, source, path, author, published_at, published_by)
    values (${wanted.digest}, ${wanted.plan.playbook}, ${version}, ${mode}, ${jsonText(wanted.plan)}, ${wanted.source}, ${wanted.path},
      ${wanted.author}, ${now}, ${wanted.author})
    on conflict (digest) do update set state = 'published', mode = excluded.mode, source = excluded.source, path = excluded.path,
      author = case when playbook_versions.state = 'draft' then playbook_versions.author else excluded.author end,
      published_by = excluded.published_by, published_at = excluded.published_at`.execute(trx);
}

/** The same plan in other words (a comment, a new place): no new version, but people see the text as it is. */
async function refreshText(trx: Trx, wanted: Publication): Promise<void> {
  await sql`update playbook_versions set source = ${wanted.source}, path = ${wanted.path}
    where digest = ${wanted.digest} and (source <> ${wanted.source} or path <> ${wanted.path})`.execute(trx);
}

/** Files whose playbooks are in force and that are not among these. What was wrong with files that are not there is forgotten. */
export async function missingFiles(db: Db, presentPaths: readonly string[]): Promise<string[]> {
  await sql`delete from playbook_faults where path <> all(${[...presentPaths]}::text[])`.execute(db);
  const { rows } = await sql<{ path: string }>`select distinct path from playbook_versions
    where state = 'published' and author = ${FOLDER_AUTHOR} and path <> all(${[...presentPaths]}::text[])`.execute(db);
  return rows.map((row) => row.path);
}

/** Files that are gone: their playbooks start nothing more. Returns the names. Runs that are under way keep their plan. */
export async function supersedeGone(db: Db, paths: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ playbook: string }>`
    update playbook_versions set state = 'superseded'
    where state = 'published' and author = ${FOLDER_AUTHOR} and path = any(${[...paths]}::text[]) returning playbook`.execute(db);
  return rows.map((row) => row.playbook);
}

/** What is wrong with a file now. Its last good version stays published. */
export async function recordFault(db: Kysely<Database>, path: string, diagnostics: readonly Diagnostic[], now: Date): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await sql`insert into playbook_faults (path, diagnostics, at) values (${path}, ${jsonText(diagnostics)}, ${now})
      on conflict (path) do update set diagnostics = excluded.diagnostics, at = excluded.at`.execute(trx);
    const first = diagnostics.find((diagnostic) => diagnostic.severity === 'error') ?? diagnostics[0];
    const body = { path, code: first?.code, line: first?.line, faults: diagnostics.length };
    await appendAudit(trx, 'admin', [{ at: now, code: 'playbook.refused', actor: 'cordon', body }]);
  });
}
