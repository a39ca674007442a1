// I6, I7, I9 and I13: what our own store, log and words must say of what the range has recorded.
import { sql } from 'kysely';
import { VERBS } from '../../language/verbs.ts';
import { checkpoint } from '../../store/checkpoint.ts';
import { verifyAudit } from '../../store/verify-audit.ts';
import { type Effect, type Evidence, effectsOf, firstValues, inRequests, isInForce, nameOf, type Say, sayOf } from './evidence.ts';

/** I6: an intent before each effect, an outcome after it, and chains that are as they were sealed at each look before. */
export async function everyEffectIsAudited(evidence: Evidence, say: Say): Promise<void> {
  const { db } = evidence.store;
  const { rows } = await sql<{ stream: string; code: string; key: string | null; at: Date }>`
    select stream, code, body->>'key' as key, at from audit_events where code in ('effect.intent', 'effect.outcome', 'effect.unknown')`.execute(
    db,
  );
  const runs = await db.selectFrom('runs').select(['id', 'state', 'ended_at']).execute();
  for (const effect of effectsOf(evidence.landed)) {
    const mine = rows.filter((row) => row.stream === effect.runId && inRequests(row.key ?? '') === effect.step);
    if (!mine.some((row) => row.code === 'effect.intent' && row.at.getTime() <= effect.atMs))
      say(`no intent was written before ${sayOf(effect)}`);
    const run = runs.find(({ id }) => id === effect.runId);
    const isOver = run?.ended_at && run.state !== 'lost';
    if (isOver && !mine.some((row) => row.code !== 'effect.intent')) say(`no outcome was written after ${sayOf(effect)}`);
  }
  await checkpoint(db, evidence.seal.sign, new Date());
  const report = await verifyAudit(db, evidence.seal.verify);
  for (const bad of [report.bad, report.badCheckpoint]) if (bad) say(`the audit does not verify: ${JSON.stringify(bad)}`);
}

/** What is over is seen to within this time, ms: a sweep, and the work of others before it. */
const SEEN_TO_MS = 30_000;

/** I7: whatever waits says until when, and who is to do something about it; what is over does not go on. */
export async function everyWaitHasAnEnd({ store, isAttended }: Evidence, say: Say): Promise<void> {
  const over = sql`clock_timestamp() - ${SEEN_TO_MS} * interval '1 millisecond'`;
  const { rows } = await sql<{ run_id: string; key: string; what: string; if_attended: boolean }>`
    select run_id, key, 'a step waits without an end' as what, false as if_attended from steps
      where state = 'waiting' and (waiting_on is null or waiting_until is null)
    union all select run_id, key, 'people are asked who are nobody', false from approvals where not addressed_to ?| array['role', 'group', 'oncall', 'person']
    union all select run_id, key, 'a debt has no owner', false from holds where state = 'debt' and coalesce(debt_owner, '') = ''
    union all select run_id, key, 'nobody says what becomes of a hold at its end', false from holds
      where state = 'active' and expires_at is not null and coalesce(on_expiry, '') not in ('ask', 'release')
    union all select run_id, key, 'a release is under way in no run', false from holds h
      where state = 'releasing' and not exists (select 1 from runs r where h.run_id in (r.id, r.parent_run_id) and r.ended_at is null)
    union all select run_id, key, 'a hold is over, and nobody asks or releases', true from holds where state = 'active' and expires_at < ${over}
    union all select run_id, key, 'people are asked longer than they were to be', true from approvals where state = 'open' and expires_at < ${over}`.execute(
    store.db,
  );
  for (const row of rows) if (isAttended || !row.if_attended) say(`${row.what}: ${row.run_id} ${row.key}`);
}

/** I9: what is in force by our doing stands in the ledger, and what the ledger says is held is in force. */
export async function theLedgerIsTrue(evidence: Evidence, say: Say): Promise<void> {
  const { db } = evidence.store;
  const holds = await db.selectFrom('holds').selectAll().execute();
  const handedOn = await sql<{ hold: string; from: string }>`
    select body->>'hold' as hold, body->>'from' as from from audit_events where code = 'hold.transferred'`.execute(db);
  /** What was handed on has its own id behind its key. */
  const isOf = (hold: { readonly id: string; readonly run_id: string; readonly key: string }, { runId, step }: Effect) =>
    hold.run_id === runId
      ? inRequests(hold.key) === step
      : inRequests(hold.key) === `${step}~${hold.id}` && handedOn.rows.some((one) => one.hold === hold.id && one.from === runId);
  const steps = await db.selectFrom('steps').select(['run_id', 'key', 'verb']).where('verb', 'is not', null).execute();
  const verbs = new Map(steps.map(({ run_id, key, verb }) => [`${run_id} ${inRequests(key)}`, verb ?? '']));
  const verbOf = ({ runId, step }: Effect): string => verbs.get(`${runId} ${step}`) ?? '';
  // What cannot be taken back is in no ledger. What no step has asked for ought to be in one.
  const ours = effectsOf(evidence.landed).filter((one) => one.does === 'contains' && VERBS[verbOf(one)]?.risk !== 'destructive');
  const atFirst = firstValues(evidence.landed);
  const seen = new Set<string>();
  for (const effect of ours) {
    if (!holds.some((hold) => isOf(hold, effect))) say(`it is in no ledger: ${sayOf(effect)}`);
    const [verb, { target, whom }] = [verbOf(effect), effect];
    const about = `${verb} ${nameOf(effect)}`;
    if (effect.changed.length === 0 || evidence.foreign.has(whom) || seen.has(about)) continue;
    seen.add(about);
    const inForce = isInForce(atFirst.get(nameOf(effect)), evidence.valueOf(effect.product, target), effect.changed);
    const mine = holds.filter((hold) => hold.entity_id === whom && hold.verb === verb);
    const listed = mine.some((hold) => ['active', 'releasing', 'debt'].includes(hold.state));
    if (inForce && !listed)
      say(`${target} is still contained, and no ledger entry says so: ${mine.map((hold) => `${hold.key} ${hold.state}`).join(', ')}`);
    if (!inForce && mine.some((hold) => hold.state === 'active')) say(`${target} is free, and the ledger says that it is held`);
  }
  const { rows } = await sql<{ id: string }>`
    select h.id from holds h join runs r on r.id = h.run_id where r.state = 'lost' and h.state = 'active'`.execute(db);
  for (const { id } of rows) say(`the run of hold ${id} is lost, and nobody owes it`);
}

/** I13: no secret in anything that we wrote, said or stored. */
export async function noSecretIsTold({ store, secrets, said }: Evidence, say: Say): Promise<void> {
  noSecretIn('what was said', said.join('\n'), secrets, say);
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind = 'r'`.execute(
    store.db,
  );
  for (const { name } of rows) {
    const { rows: all } = await sql<{ text: string | null }>`select string_agg(t::text, ' ') as text from ${sql.table(name)} t`.execute(
      store.db,
    );
    noSecretIn(`table ${name}`, all[0]?.text ?? '', secrets, say);
  }
}

/** Tells what stands before it, never the secret's own bytes: made-up ones too are not for a log. */
function noSecretIn(where: string, text: string, secrets: readonly string[], say: Say): void {
  for (const secret of secrets) {
    const at = text.indexOf(secret);
    if (at >= 0) say(`a secret is in ${where}, after: ${text.slice(Math.max(0, at - 120), at)}`);
  }
}
