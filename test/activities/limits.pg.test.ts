// Races for the last place of a limit, on real PostgreSQL: the embedded database is one session and cannot race.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { decideApproval } from '../../store/approvals.ts';
import { replaceEntities } from '../../store/entities.ts';
import { liftFreeze } from '../../store/freeze.ts';
import { migrateStore } from '../../store/migrate.ts';
import { openStore, type Store } from '../../store/open.ts';
import { findPostgres, NO_POSTGRES, startPostgres, type TestPostgres } from '../store/postgres.ts';
import { limitFacts } from './limit-facts.ts';
import { limited } from './limited.ts';

const programs = findPostgres();
const suite = programs ? describe : describe.skip;

suite(programs ? 'a limit on PostgreSQL' : NO_POSTGRES, () => {
  let server: TestPostgres;
  let store: Store;
  let other: Store;
  let url: string;
  beforeAll(async () => {
    if (!programs) return;
    server = await startPostgres(programs);
    url = await server.createDatabase();
    store = await openStore({ url }, { poolSize: 20 });
    other = await openStore({ url }, { poolSize: 20 });
    await migrateStore(store);
  });
  afterAll(async () => {
    await store?.close();
    await other?.close();
    await server?.stop();
  });
  limitFacts(() => store);

  it('lets exactly ten of sixty through a limit of ten, when two processes begin all of them at once', async () => {
    await sql`update steps set intent_at = null`.execute(store.db);
    const yaml = `
limits:
  - { name: all, reason: made up, at_most: 10, within: 1h, then: deny }
  - { name: hosts, reason: made up, match: { kinds: [host] }, at_most: 11, within: 1h, then: deny }
  - { name: by-edr, reason: made up, match: { connectors: [edr] }, at_most: 12, within: 1h, then: deny }
`;
    const worlds = [limited(() => store, yaml), limited(() => other, yaml)];
    const ends = await Promise.all(Array.from({ length: 60 }, async (_, at) => (await worlds[at % 2]?.effect(`race-${at}`))?.outcome));
    expect(ends.filter((outcome) => outcome === 'changed')).toHaveLength(10);
    expect(ends.filter((outcome) => outcome === 'denied')).toHaveLength(50);
  });

  it('who has only a read replica can change neither a limit, nor an approval, nor what policy knows of a target', async () => {
    const replica = await openStore({ url: `${url}?options=-c%20default_transaction_read_only%3Don` }, { poolSize: 2 });
    const records = [{ source: 'file', kind: 'host', name: 'dc-01', aliases: [], tags: [], groups: [], dependsOn: [] }];
    const person = { id: 'per_m', iss: 'local', sub: 'm', name: 'Made up', role: 'admin' };
    const decision = {
      approvalId: 'apr_1',
      person,
      decision: 'approve',
      digest: '',
      reason: '',
      channel: '',
      useByMs: 1,
      now: new Date(),
    } as const;
    const tries = [
      replaceEntities(replica.db, { source: 'file', records, by: 'per_m' }, new Date()),
      decideApproval(replica.db, decision),
      liftFreeze(replica.db, { by: 'per_m', reason: 'made up' }, new Date()),
      sql`delete from limits`.execute(replica.db),
      sql`update steps set intent_at = null`.execute(replica.db),
    ];
    for (const tried of await Promise.allSettled(tries)) {
      expect(tried).toMatchObject({ status: 'rejected', reason: { code: '25006' } }); // read_only_sql_transaction
    }
    await replica.close();
  });

  it('takes a hundred clicks of a hundred people at once, over two processes, as one approval, one wake and one effect', async () => {
    const yaml = 'rules: [{ name: ask, reason: made up, then: { ask: { role: responder, count: 2 } } }]';
    const worlds = [limited(() => store, yaml), limited(() => other, yaml)];
    const { runId, outcome } = (await worlds[0]?.effect('clicked')) ?? { runId: '', outcome: '' };
    expect(outcome).toBe('waits for approval');
    const approval = await store.db.selectFrom('approvals').select(['id', 'digest']).where('run_id', '=', runId).executeTakeFirstOrThrow();
    const click = async (at: number, decision: 'approve' | 'deny' = 'approve') =>
      await decideApproval((at % 2 === 0 ? store : other).db, {
        ...{ approvalId: approval.id, digest: approval.digest, decision, reason: '', channel: 'test', useByMs: 60_000, now: new Date() },
        person: { id: `per_${at % 50}`, iss: 'local', sub: `person-${at % 50}`, name: 'Made up', role: 'responder' },
      });
    const clicks = await Promise.all(Array.from({ length: 100 }, (_, at) => click(at)));
    const taken = clicks.flatMap((one) => (one.kind === 'recorded' ? [`${one.given} ${one.state}`] : [])).sort();
    expect(taken).toEqual(['1 open', '2 granted']);
    const { rows } = await sql<{
      count: number;
    }>`select count(*)::int as count from outbox where kind = 'wake' and about = ${runId}`.execute(store.db);
    expect(rows[0]?.count).toBe(1);
    // What loses the lock to another try sends nothing, and says so.
    const tries = await Promise.allSettled(Array.from({ length: 10 }, async (_, at) => await worlds[at % 2]?.effect('clicked', { runId })));
    expect(tries.filter((one) => one.status === 'fulfilled' && one.value?.outcome === 'changed')).toHaveLength(1);
    expect(await click(1, 'deny')).toMatchObject({ kind: 'refused', code: 'APPROVAL_BEGUN' });
  });

  it('hears either the denial or the approval, never both, when they come in the same moment', async () => {
    const yaml = 'rules: [{ name: ask, reason: made up, then: { ask: { role: responder } } }]';
    const worlds = [limited(() => store, yaml), limited(() => other, yaml)];
    for (let round = 0; round < 20; round += 1) {
      const { runId } = (await worlds[0]?.effect(`both-${round}`)) ?? { runId: '' };
      const { id, digest } = await store.db
        .selectFrom('approvals')
        .select(['id', 'digest'])
        .where('run_id', '=', runId)
        .executeTakeFirstOrThrow();
      const say = async (db: Store, sub: string, decision: 'approve' | 'deny') =>
        await decideApproval(db.db, {
          ...{ approvalId: id, digest, decision, reason: '', channel: 'test', useByMs: 60_000, now: new Date() },
          person: { id: `per_${sub}`, iss: 'local', sub, name: 'Made up', role: 'responder' },
        });
      const effect = async () => (await worlds[round % 2]?.effect(`both-${round}`, { runId }))?.outcome;
      const [, denial, end] = await Promise.all([say(store, 'ana', 'approve'), say(other, 'ben', 'deny'), effect()]);
      const later = end === 'changed' ? 'changed' : await effect();
      // A denial that was taken wins; one that came too late was refused, and said so.
      expect({ denial: denial.kind, later }).toEqual({ denial: denial.kind, later: denial.kind === 'recorded' ? 'denied' : 'changed' });
    }
  });

  it('lets ten of forty through when most fail before anything is sent: the places that they give back are taken once each', async () => {
    await sql`update steps set intent_at = null`.execute(store.db);
    const yaml = 'limits: [{ name: back, reason: made up, at_most: 10, within: 1h, then: deny }]';
    const failing = limited(() => other, yaml);
    failing.state.mishap = 'refuses-unsent';
    const working = limited(() => store, yaml);
    const ends = await Promise.all(
      Array.from({ length: 40 }, async (_, at) => (await (at % 2 === 0 ? failing : working).effect(`back-${at}`)).outcome),
    );
    expect(ends.filter((outcome) => outcome === 'changed').length).toBeLessThanOrEqual(10);
    const { rows } = await sql<{
      count: number;
    }>`select count(*)::int as count from steps where intent_at is not null and generation = 0`.execute(store.db);
    expect(rows[0]?.count).toBe(ends.filter((outcome) => outcome === 'changed').length);
  });
});
