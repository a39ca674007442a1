// What must hold after every case (I1 to I13), looked at from outside: the range's own record, the people's own notes, and only then the store.
import { sql } from 'kysely';
import { verifyAudit } from '../../store/verify-audit.ts';
import { type Case, neededFor, PEOPLE } from './cases.ts';
import { BEGIN_MS } from './clock.ts';
import type { Line } from './products.ts';
import type { Lived } from './world.ts';

export const INVARIANTS = ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8', 'I9', 'I10', 'I11', 'I12', 'I13'] as const;
export type Invariant = (typeof INVARIANTS)[number];

export interface Violation {
  readonly of: Invariant;
  readonly what: string;
}

type Check = (lived: Lived, one: Case, say: (what: string) => void) => Promise<void> | void;

/** Empty: all hold. */
export async function violations(lived: Lived, one: Case): Promise<readonly Violation[]> {
  const found: Violation[] = [];
  for (const of of INVARIANTS) await CHECKS[of](lived, one, (what) => found.push({ of, what }));
  return found;
}

const CONTAINS: ReadonlySet<string> = new Set(['isolate', 'disable', 'revoke']);
const UNDOES: Readonly<Record<string, string>> = { release: 'isolate', enable: 'disable' };

interface Effect extends Line {
  readonly effect: string;
  readonly target: string;
  readonly runId: string;
  readonly step: string;
  readonly atMs: number;
}

/** What took effect by our doing. Somebody else's requests carry no key. */
const effects = ({ products }: Lived): readonly Effect[] =>
  products.lines.flatMap((line) => {
    if (!line.landed || line.effect === null || line.key === null) return [];
    const [runId = '', ...rest] = line.key.split('.');
    return [
      { ...line, effect: line.effect, target: line.target ?? '', runId, step: rest.slice(0, -1).join('.'), atMs: Date.parse(line.at) },
    ];
  });

const sayOf = (effect: Effect): string => `${effect.effect} ${effect.target} (${effect.key}) at ${(effect.atMs - BEGIN_MS) / 1000} s`;

/** Not a fault's doing and not a person's: nobody answered for it. */
const OVERLONG_MS = 45_000;

const CHECKS: Readonly<Record<Invariant, Check>> = {
  I1: async ({ store, alerts, ended }, _, say) => {
    const rows = await store.db.selectFrom('alerts').select(['id', 'decided_at']).execute();
    for (const id of alerts) {
      const row = rows.find((each) => each.id === id);
      if (!row) say(`alert ${id} was acknowledged and is not there`);
      else if (row.decided_at === null) say(`alert ${id} was acknowledged and nothing was ever decided about it`);
    }
    if (ended) return;
    const open = await store.db.selectFrom('runs').select(['id', 'state', 'title']).where('ended_at', 'is', null).execute();
    const owed = await store.db.selectFrom('outbox').select(['kind', 'about', 'error']).where('state', '=', 'ready').execute();
    say(`it never comes to an end: runs ${JSON.stringify(open)}, outbox ${JSON.stringify(owed)}`);
  },
  I2: async (lived, _, say) => {
    const runs = await lived.store.db.selectFrom('runs').select(['id', 'alert_id', 'started_by', 'parent_run_id']).execute();
    for (const effect of lived.products.lines.filter((line) => line.landed && line.effect !== null)) {
      if (effect.key === null && lived.journal.foreign.has(effect.target ?? '')) continue;
      const run = runs.find(({ id }) => effect.key?.startsWith(`${id}.`) === true);
      const parent = run?.parent_run_id === null ? undefined : runs.find(({ id }) => id === run?.parent_run_id);
      const root = parent ?? run;
      if (!root || (root.alert_id === null && !root.started_by.startsWith('per_')))
        say(`nobody and no alert asked for ${effect.effect} ${effect.target} (${effect.key})`);
    }
  },
  I3: (lived, _, say) => {
    const seen = new Map<string, number>();
    // A message may be repeated and says so; the chat removes what carries the same key.
    for (const effect of effects(lived).filter((one) => one.effect !== 'message' && one.effect !== 'merge')) {
      const key = `${effect.key} ${effect.effect}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
      if ((seen.get(key) ?? 0) > 1 && !isTwinTicket(lived, effect)) say(`twice: ${sayOf(effect)}`);
    }
  },
  I4: async (lived, _, say) => {
    const approvals = await lived.store.db
      .selectFrom('approvals')
      .select(['id', 'run_id', 'items', 'digest'])
      .where('kind', '=', 'approval')
      .execute();
    for (const effect of effects(lived).filter((one) => CONTAINS.has(one.effect) && (neededFor(one.effect, one.target) ?? 1) > 0)) {
      const shown = approvals.filter(({ run_id: runId, digest, items }) => {
        const decided = lived.journal.decisions.some((one) => one.runId === runId && one.digest === digest && one.decision === 'approve');
        // As activities/approval-item.ts writes them.
        return (
          runId === effect.runId &&
          decided &&
          (items as readonly { key: string; params: unknown }[]).some(
            (item) => item.key === effect.step && names(item.params, effect.target),
          )
        );
      });
      if (shown.length === 0) say(`not what was approved: ${sayOf(effect)}`);
    }
  },
  I5: async (lived, _, say) => {
    const items = await lived.store.db.selectFrom('approvals').select(['id', 'run_id', 'items']).execute();
    for (const effect of effects(lived).filter((one) => CONTAINS.has(one.effect))) {
      const needed = neededFor(effect.effect, effect.target);
      if (needed === undefined) {
        say(`nobody may do this: ${sayOf(effect)}`);
        continue;
      }
      const about = items.filter(
        (one) => one.run_id === effect.runId && JSON.stringify(one.items).includes(`"key": "${effect.step}"`.replace(': ', ':')),
      );
      const yes = new Set(
        lived.journal.decisions
          .filter((one) => about.some(({ id }) => id === one.approval) && one.decision === 'approve' && one.atMs <= effect.atMs)
          .filter(({ who }) => PEOPLE[who].role === 'responder' && PEOPLE[who].login !== effect.target)
          .map(({ who }) => who),
      );
      if (yes.size < needed) say(`${yes.size} of ${needed} people had agreed to ${sayOf(effect)}`);
    }
  },
  I6: async (lived, _, say) => {
    const { rows } = await sql<{ stream: string; code: string; key: string | null; at: Date; kind: string | null; ended: string }>`
      select a.stream, a.code, a.body->>'key' as key, a.body->>'kind' as kind, a.at, coalesce(r.state, '') as ended
      from audit_events a left join runs r on r.id = a.stream where a.code in ('effect.intent', 'effect.outcome', 'effect.unknown')`.execute(
      lived.store.db,
    );
    const runs = await lived.store.db.selectFrom('runs').select(['id', 'state']).execute();
    for (const effect of effects(lived)) {
      const mine = rows.filter((row) => row.stream === effect.runId && row.key === effect.step);
      if (!mine.some((row) => row.code === 'effect.intent' && row.at.getTime() <= effect.atMs))
        say(`no intent was written before ${sayOf(effect)}`);
      const lost = runs.find(({ id }) => id === effect.runId)?.state === 'lost';
      if (lived.ended && !lost && !mine.some((row) => row.code !== 'effect.intent')) say(`no outcome was written after ${sayOf(effect)}`);
    }
    const report = await verifyAudit(lived.store.db, () => true);
    if (!report.ok) say(`the audit does not verify: ${JSON.stringify(report.bad ?? report.badCheckpoint)}`);
  },
  I7: async ({ store }, _, say) => {
    const { rows } = await sql<{ run_id: string; key: string; what: string }>`
      select run_id, key, 'a step waits without an end' as what from steps where state = 'waiting' and (waiting_on is null or waiting_until is null)
      union all select run_id, key, 'an approval has nobody or no end' from approvals where expires_at is null or addressed_to = 'null'
      union all select run_id, key, 'a debt has no owner' from holds where state = 'debt' and coalesce(debt_owner, '') = ''`.execute(
      store.db,
    );
    for (const row of rows) say(`${row.what}: ${row.run_id} ${row.key}`);
  },
  I8: ({ products }, _, say) => {
    const flights = products.flights.filter(({ word }) => CONTAINS.has(word) || word in UNDOES);
    for (const [index, one] of flights.entries()) {
      for (const other of flights.slice(index + 1)) {
        const same = one.target === other.target && (UNDOES[one.word] ?? one.word) === (UNDOES[other.word] ?? other.word);
        if (same && one.word !== other.word && other.sentMs < one.landedMs && one.sentMs < other.landedMs)
          say(`${one.word} and ${other.word} of ${one.target} were under way at once (${one.key}, ${other.key})`);
      }
    }
  },
  I9: async (lived, _, say) => {
    const holds = await lived.store.db.selectFrom('holds').selectAll().execute();
    for (const effect of effects(lived).filter(({ effect: word }) => word === 'isolate' || word === 'disable')) {
      if (!holds.some((hold) => hold.run_id === effect.runId && hold.key === effect.step)) say(`it is in no ledger: ${sayOf(effect)}`);
    }
    for (const [product, effectWord] of [
      ['edr', 'isolate'],
      ['idp', 'disable'],
    ] as const) {
      const targets = new Set(
        effects(lived)
          .filter((one) => one.effect === effectWord)
          .map((one) => one.target),
      );
      for (const target of targets) {
        if (lived.journal.foreign.has(target)) continue;
        const value = JSON.stringify(lived.products.valueOf(product, target));
        const inForce = value.includes('"isolated":true') || value.includes('"enabled":false');
        const mine = holds.filter((hold) => hold.entity_id === target && ['host.isolate', 'user.disable'].includes(hold.verb));
        const listed = mine.some((hold) => ['active', 'releasing', 'debt'].includes(hold.state));
        if (inForce && !listed)
          say(`${target} is still contained, and no ledger entry says so: ${mine.map((hold) => `${hold.key} ${hold.state}`).join(', ')}`);
        if (!inForce && mine.some((hold) => hold.state === 'active')) say(`${target} is free, and the ledger says that it is held`);
      }
    }
    const { rows } = await sql<{
      id: string;
    }>`select h.id from holds h join runs r on r.id = h.run_id where r.state = 'lost' and h.state = 'active'`.execute(lived.store.db);
    for (const { id } of rows) say(`the run of hold ${id} is lost, and nobody owes it`);
  },
  I10: async ({ temporal }, _, say) => {
    for (const run of temporal.runs) {
      if (run.failure && (run.failure as { nonRetryable?: boolean }).nonRetryable !== true)
        say(`workflow code failed: ${run.failure.stack}`); // ApplicationFailure's own member
      const different = await temporal.replay(run);
      if (different !== undefined) say(`${run.workflowId} does not replay: ${different}`);
    }
  },
  I11: async ({ store, awayMs }, _, say) => {
    const run = await store.db.selectFrom('runs').selectAll().where('playbook', '=', 'bystander').executeTakeFirst();
    const tookMs = run?.ended_at ? run.ended_at.getTime() - run.created_at.getTime() : undefined;
    if (run && (tookMs === undefined || tookMs > OVERLONG_MS + awayMs))
      say(`the bystander took ${tookMs ?? 'for ever'} ms beside ${awayMs} ms without a worker`);
  },
  I12: async (lived, _, say) => {
    if (!lived.ended) return;
    const { rows } = await sql<{ what: string; count: number }>`
      select 'outbox rows' as what, count(*)::int from outbox where state = 'ready'
      union all select 'locks', count(*)::int from locks where lease_until > clock_timestamp()
      union all select 'who waits for a lock', count(*)::int from lock_waiters w join runs r on r.id = w.run_id where r.ended_at is null
      union all select 'places', count(*)::int from runs where ended_at is not null and place_until > clock_timestamp()`.execute(
      lived.store.db,
    );
    for (const { what, count } of rows) if (count > 0) say(`left over: ${count} ${what}`);
    const longest = Math.max(0, ...lived.temporal.runs.map((run) => run.history.length));
    if (longest > MAX_HISTORY) say(`a history has ${longest} events`);
    if (lived.products.lines.length > MAX_REQUESTS) say(`${lived.products.lines.length} requests were sent`);
  },
  I13: async (lived, _, say) => {
    const secrets = Object.values(lived.products.tokens);
    const look = (where: string, text: string) => {
      for (const secret of secrets)
        if (text.includes(secret))
          say(`${secret} is in ${where}: ${text.slice(Math.max(0, text.indexOf(secret) - 120), text.indexOf(secret))}`);
    };
    look('what was said', lived.said.join('\n'));
    for (const run of lived.temporal.runs)
      look(
        'a history',
        run.input +
          JSON.stringify(
            run.history.map((one) => ({ ...one, ...('ending' in one && !one.ending.ok ? { said: one.ending.error.message } : {}) })),
          ),
      );
    const { rows } = await sql<{
      name: string;
    }>`select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind = 'r'`.execute(
      lived.store.db,
    );
    for (const { name } of rows) {
      const { rows: all } = await sql<{ text: string | null }>`select string_agg(t::text, ' ') as text from ${sql.table(name)} t`.execute(
        lived.store.db,
      );
      look(`table ${name}`, all[0]?.text ?? '');
    }
  },
};

const MAX_HISTORY = 200;
const MAX_REQUESTS = 2_500;

const names = (params: unknown, target: string): boolean => JSON.stringify(params ?? {}).includes(`"${target}"`);

/** A ticket that was opened twice by one key was merged into the other. */
function isTwinTicket({ products }: Lived, effect: Effect): boolean {
  return effect.effect === 'ticket' && JSON.stringify(products.valueOf('tickets', effect.target)).includes('"mergedInto":"');
}
