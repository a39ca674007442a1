// A drill begins only where it can touch nothing real, and can take back what it sets.
import { beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { createPerson } from '../../store/people.ts';
import { goOnline } from './online.ts';

const { cordon, harness } = goOnline();

const connect = (id: string, simulated: boolean) =>
  harness()
    .store.db.insertInto('connector_states')
    .values({ id, type: 'made-up', title: id, simulated, verbs: [], detail: null, checked_at: null, outage_since: null })
    .execute();

const posted = async () => (await harness().store.db.selectFrom('alerts').select('id').execute()).length;

beforeEach(async () => {
  await sql`truncate table connector_states`.execute(harness().store.db);
});

describe('a drill', () => {
  it.each(['undo', 'freeze'])('of %s posts nothing where one connected product is real', async (kind) => {
    await connect('edr', true);
    await connect('tickets', false);
    expect(await cordon(['drill', kind])).toMatchObject({ code: 1, err: expect.stringMatching(/DRILL_REAL.*tickets/) });
    expect(await posted()).toBe(0);
  });

  it('posts nothing where nothing is connected, or where everything is frozen already', async () => {
    expect((await cordon(['drill', 'undo'])).err).toContain('DRILL_REAL');
    await connect('edr', true);
    await cordon(['freeze', 'on', '--reason', 'made up']);
    for (const kind of ['undo', 'freeze']) expect((await cordon(['drill', kind])).err).toContain('DRILL_FROZEN');
    expect(await posted()).toBe(0);
  });

  it('posts nothing where a verb or a product is frozen: it would wait in vain, and what it approved would go on when that is lifted', async () => {
    await connect('edr', true);
    await cordon(['freeze', 'on', '--verb', 'host.isolate', '--reason', 'made up']);
    for (const kind of ['undo', 'freeze'])
      expect(await cordon(['drill', kind])).toMatchObject({ code: 1, err: expect.stringMatching(/DRILL_FROZEN.*host\.isolate is frozen/) });
    expect(await posted()).toBe(0);
  });

  it('freezes nothing that only a second person could lift, unless one was promised', async () => {
    await connect('edr', true);
    const ben = { login: 'ben', name: 'Made Up Ben', role: 'responder', passwordHash: 'made-up', oneTime: false } as const;
    await createPerson(harness().store.db, ben, new Date());
    expect(await cordon(['drill', 'freeze'])).toMatchObject({ code: 1, err: expect.stringMatching(/DRILL_SECOND[\s\S]*--second-person/) });
    expect((await cordon(['freeze', 'status'])).out).toBe('not frozen\n');
    expect(await posted()).toBe(0);
  });
});
