// An alert that was to be expected starts nothing; it is stored, counted and shown with what hid it, and the end comes by itself.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { Store } from '../../store/store.ts';
import { addSuppression, listSuppressions, removeSuppression } from '../../store/suppressions.ts';
import { listAlerts, readAlert } from '../../store/views/alerts.ts';
import type { SuppressionMatch } from '../../triggers/suppress.ts';
import { openMemoryStore } from '../store/memory-store.ts';
import { alertOf, emptyWorld, planOf, publish, takeIn, type World } from './world.ts';

describe('a suppression', () => {
  let store: Store;
  let world: World;
  beforeAll(async () => {
    store = await openMemoryStore();
  });
  afterAll(async () => {
    await store.close();
  });
  beforeEach(async () => {
    await sql`delete from suppressions`.execute(store.db);
    world = await emptyWorld(store);
    await publish(store);
    await publish(store, planOf({ playbook: 'other' }));
  });
  afterEach(async () => {
    await world.close();
  });
  const suppress = async (match: SuppressionMatch, more: { startsAt?: Date; expiresAt?: Date } = {}) =>
    await addSuppression(
      store.db,
      { title: 'Patching', match, reason: 'CHG-1234', by: 'per_1', expiresAt: new Date(Date.now() + 3_600_000), ...more },
      new Date(),
    );
  /** What it started: the playbooks' names. */
  const started = async (uid: string, more: Parameters<typeof alertOf>[1] = {}) => {
    await takeIn(store, [alertOf(uid, more)]);
    await world.dispatch().idle();
    const rows = await store.db.selectFrom('runs').select('playbook').where('alert_id', '=', `alr_${uid}`).orderBy('playbook').execute();
    return rows.map((row) => row.playbook);
  };
  const listed = async () => (await listSuppressions(store.db, { all: true }, new Date()))[0];

  it('keeps a matching alert from starting anything, counts it once, and is named where the alert is shown', async () => {
    const id = await suppress({ entities: ['user:user-a'] });
    expect(await started('a')).toEqual([]);
    expect(await started('b')).toEqual(['contain', 'other']);
    expect(await listed()).toMatchObject({ id, state: 'active', hidden: 1 });
    expect((await listAlerts(store.db, { suppression: id })).items.map((one) => one.id)).toEqual(['alr_a']);
    const shown = await readAlert(store.db, 'alr_a');
    expect(shown).toMatchObject({ suppressed: { id, title: 'Patching' }, state: 'accepted' });
    expect(shown?.decisions).toMatchObject([
      { decision: 'suppressed', reason: expect.stringMatching(/suppressed by "Patching" until .* \(CHG-1234\)/) },
      { decision: 'suppressed' },
    ]);
  });

  it('ends by itself, does not begin before its time, and can be ended', async () => {
    await suppress({ sources: ['plain'] }, { startsAt: new Date(Date.now() - 2_000), expiresAt: new Date(Date.now() - 1_000) });
    await suppress({ sources: ['plain'] }, { startsAt: new Date(Date.now() + 60_000) });
    const ended = await suppress({ sources: ['plain'] });
    expect(await removeSuppression(store.db, { id: ended, by: 'per_1', reason: 'done early' }, new Date())).toBe(true);
    expect(await started('c')).toEqual(['contain', 'other']);
    const states = (await listSuppressions(store.db, { all: true }, new Date())).map((one) => one.state).sort();
    expect(states).toEqual(['expired', 'planned', 'removed']);
  });

  it('of one playbook leaves the others alone', async () => {
    await suppress({ sources: ['plain'], playbooks: ['other'] });
    expect(await started('d')).toEqual(['contain']);
  });

  it('lets through what is severe enough, and what its condition does not cover or cannot be asked of', async () => {
    await suppress({ sources: ['plain'], severityBelow: 5, when: "alert.data.change == 'CHG-1'" });
    expect(await started('e', { data: { change: 'CHG-1' } })).toEqual([]);
    expect(await started('f', { data: { change: 'CHG-1' }, severity: 'critical', severity_id: 5 })).toEqual(['contain', 'other']);
    expect(await started('g', { data: { change: 'CHG-2' } })).toEqual(['contain', 'other']);
    expect(await started('h')).toEqual(['contain', 'other']); // there is no such member
  });
});
