// Two servers on one PostgreSQL: what a single session cannot show.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildServer } from '../../server/app.ts';
import { newSessionToken, tokenHash } from '../../server/secrets.ts';
import { migrateStore } from '../../store/migrate.ts';
import { openStore, type Store } from '../../store/open.ts';
import { countAdmins, createPerson } from '../../store/people.ts';
import { openSession } from '../../store/sessions.ts';
import { findPostgres, NO_POSTGRES, startPostgres, type TestPostgres } from '../store/postgres.ts';
import { type Harness, NOW, ORIGIN, plainAlert, post, startHarness } from './harness.ts';

const programs = findPostgres();
const suite = programs ? describe : describe.skip;

suite(programs ? 'the intake on PostgreSQL' : NO_POSTGRES, () => {
  let server: TestPostgres;
  let store: Store;
  let other: Store;
  let one: Harness;
  let two: Harness;
  beforeAll(async () => {
    if (!programs) return;
    server = await startPostgres(programs);
    const url = await server.createDatabase();
    store = await openStore({ url });
    other = await openStore({ url });
    await migrateStore(store);
    one = await startHarness({ store });
    two = { ...one, app: await buildServer({ ...one.deps, store: other }) };
  }, 60_000);
  afterAll(async () => {
    await two?.app.close();
    await other?.close();
    await one?.close();
    await server?.stop();
  });

  it('takes one delivery posted to both 100 times as one alert with 100 posts', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, at) => post(at % 2 ? one : two, plainAlert({ id: 'same' }), { id: 'msg_same' })),
    );
    expect(new Set(answers.map((answer) => answer.statusCode))).toEqual(new Set([202]));
    expect(new Set(answers.map((answer) => answer.json().id)).size).toBe(1);
    expect(answers.filter((answer) => answer.json().status === 'accepted')).toHaveLength(1);
    const rows = await store.db.selectFrom('alerts').select('seen_count').where('finding', '=', 'same/open').execute();
    expect(rows).toEqual([{ seen_count: 100 }]);
  });

  it('lets two admins who lower each other at the same instant not both succeed', async () => {
    const admin = async (login: string) => {
      const made = await createPerson(store.db, { login, name: login, role: 'admin', passwordHash: 'made-up', oneTime: false }, NOW);
      const token = newSessionToken();
      await openSession(store.db, tokenHash(token), made?.id ?? '', NOW);
      return { id: made?.id ?? '', headers: { cookie: `cordon_session=${token}`, origin: ORIGIN } };
    };
    const [ana, ben] = [await admin('ana'), await admin('ben')];
    const lower = async ({ app }: Harness, by: typeof ana, whom: typeof ana) =>
      await app.inject({ method: 'PATCH', url: `/api/v1/people/${whom.id}`, headers: by.headers, payload: { role: 'viewer' } });
    for (let round = 0; round < 20; round++) {
      await store.db
        .updateTable('people')
        .set(({ eb }) => ({ role: eb.case().when('id', 'in', [ana.id, ben.id]).then('admin').else('viewer').end() }))
        .execute();
      const answers = await Promise.all([lower(one, ana, ben), lower(two, ben, ana)]);
      expect(answers.map(({ statusCode }) => statusCode).filter((status) => status === 200)).toHaveLength(1);
      expect(await countAdmins(store.db)).toBe(1);
    }
  });

  it('takes overlapping findings in any order without losing one or deadlocking for good', async () => {
    const posts = Array.from({ length: 300 }, (_, at) => post(at % 2 ? one : two, plainAlert({ id: `f${(at * 7) % 20}` })));
    const answers = await Promise.all(posts);
    expect(new Set(answers.map((answer) => answer.statusCode))).toEqual(new Set([202]));
    const rows = await store.db.selectFrom('alerts').select(['finding', 'seen_count']).where('finding', 'like', 'f%').execute();
    expect(rows).toHaveLength(20);
    expect(rows.reduce((sum, row) => sum + row.seen_count, 0)).toBe(300);
    const owed = await store.db.selectFrom('outbox').select('id').where('kind', '=', 'decide').execute();
    expect(owed).toHaveLength(21);
    const audit = await one.app.inject({ url: '/api/v1/audit/verify', headers: { authorization: `Bearer ${one.token}` } });
    expect(audit.json()).toMatchObject({ ok: true });
  });
});
