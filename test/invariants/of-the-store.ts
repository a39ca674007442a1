// I6, I7, I9 and I13: what our own store, log and words must say of what the range has recorded.
import { sql } from 'kysely';
import { verifyAudit } from '../../store/verify-audit.ts';
import { type Effect, type Evidence, effectsOf, inRequests, type Say, sayOf } from './evidence.ts';

/** I6: an intent before each effect, an outcome after it, and a chain that verifies. */
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
  const report = await verifyAudit(db, () => true);
  if (!report.ok) say(`the audit does not verify: ${JSON.stringify(report.bad ?? report.badCheckpoint)}`);
}

/** I7: whatever waits says until when, and who is to do something about it. */
export async function everyWaitHasAnEnd({ store }: Evidence, say: Say): Promise<void> {
  const { rows } = await sql<{ run_id: string; key: string; what: string }>`
    select run_id, key, 'a step waits without an end' as what from steps where state = 'waiting' and (waiting_on is null or waiting_until is null)
    union all select run_id, key, 'an approval has nobody or no end' from approvals where expires_at is null or addressed_to = 'null'
    union all select run_id, key, 'a debt has no owner' from holds where state = 'debt' and coalesce(debt_owner, '') = ''`.execute(
    store.db,
  );
  for (const row of rows) say(`${row.what}: ${row.run_id} ${row.key}`);
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
  const ours = effectsOf(evidence.landed).filter(({ effect }) => effect === 'isolate' || effect === 'disable');
  for (const effect of ours) {
    if (!holds.some((hold) => isOf(hold, effect))) say(`it is in no ledger: ${sayOf(effect)}`);
  }
  for (const [product, word] of [
    ['edr', 'isolate'],
    ['idp', 'disable'],
  ] as const) {
    for (const target of new Set(ours.filter(({ effect }) => effect === word).map((effect) => effect.target))) {
      if (evidence.foreign.has(target)) continue;
      const value = JSON.stringify(evidence.valueOf(product, target));
      const inForce = value.includes('"isolated":true') || value.includes('"enabled":false');
      const mine = holds.filter((hold) => hold.entity_id === target && ['host.isolate', 'user.disable'].includes(hold.verb));
      const listed = mine.some((hold) => ['active', 'releasing', 'debt'].includes(hold.state));
      if (inForce && !listed)
        say(`${target} is still contained, and no ledger entry says so: ${mine.map((hold) => `${hold.key} ${hold.state}`).join(', ')}`);
      if (!inForce && mine.some((hold) => hold.state === 'active')) say(`${target} is free, and the ledger says that it is held`);
    }
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
