// How far a playbook may go: observe, ask or act. And what it would have done while it only observed, so that people can decide to let it act.
import { type Kysely, sql } from 'kysely';
import type { WouldHave } from '../server/contract.ts';
import { appendAudit } from './audit.ts';
import type { PlaybookMode } from './playbook-versions.ts';
import type { Db } from './store.ts';
import type { Database } from './tables.ts';

export interface ModeWish {
  readonly playbook: string;
  readonly mode: PlaybookMode;
  readonly by: string;
  readonly reason: string;
}

/** Of the published version. New runs have it at once; runs that are under way never go further than it. False: none is published. */
export async function setMode(db: Kysely<Database>, wish: ModeWish, now: Date): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ version: number; was: string }>`
      update playbook_versions v set mode = ${wish.mode} from playbook_versions before
      where v.playbook = ${wish.playbook} and v.state = 'published' and before.digest = v.digest returning v.version, before.mode as was`.execute(
      trx,
    );
    const row = rows[0];
    if (!row) return false;
    const body = { playbook: wish.playbook, version: row.version, mode: wish.mode, was: row.was, reason: wish.reason };
    await appendAudit(trx, 'admin', [{ at: now, code: 'playbook.mode_changed', actor: wish.by, body }]);
    return true;
  });
}

interface Row {
  readonly verb: string;
  readonly effect: 'allow' | 'ask' | 'deny' | null;
  readonly rule: string | null;
  readonly times: number;
  readonly targets: number;
}

/** Effects that were only observed, by verb and by what policy would have said. Counted by version: all of them. */
export async function readWouldHave(db: Db, playbook: string, days: number): Promise<WouldHave> {
  const since = sql`now() - ${days} * interval '1 day'`;
  const { rows } = await sql<Row>`
    select s.verb, s.decision->>'effect' as effect, s.decision->>'rule' as rule, count(*)::int as times, count(distinct s.entity)::int as targets
    from runs r join steps s on s.run_id = r.id
    where r.playbook = ${playbook} and r.kind = 'playbook' and r.created_at > ${since} and s.outcome = 'would' and s.verb is not null
    group by 1, 2, 3 order by 4 desc, 1, 2, 3 limit 500`.execute(db);
  const { rows: counts } = await sql<{ runs: number; failed: number }>`
    select count(distinct r.id)::int as runs, count(s.key) filter (where s.outcome in ('failed', 'unknown'))::int as failed
    from runs r left join steps s on s.run_id = r.id
    where r.playbook = ${playbook} and r.kind = 'playbook' and r.mode = 'observe' and r.created_at > ${since}`.execute(db);
  const effects = rows.map((row) => ({
    verb: row.verb,
    effect: row.effect ?? ('ask' as const),
    rule: row.rule ?? '',
    times: row.times,
    targets: row.targets,
  }));
  return { playbook, days, runs: counts[0]?.runs ?? 0, failed: counts[0]?.failed ?? 0, effects };
}
