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
