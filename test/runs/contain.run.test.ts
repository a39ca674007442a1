import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SAMPLES } from '../../alerts/samples.ts';
import { startWorld, WORLD_WITHIN_MS, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
}, WORLD_WITHIN_MS);
afterAll(async () => {
  await world.close();
});

describe('a compromised account', () => {
  it('is contained after one approval, verified by reading back, and put back by a false-positive verdict', async () => {
    const run = await world.run(await world.alert(SAMPLES.travel));
    const approval = await world.approval(run.id, 'approval');
    expect(await world.effects()).toEqual([]);
    expect(approval.title).toBe('Disable Eve Adams (user-007), end 3 sessions, isolate wks-007');

    expect(await world.decide(approval, 'approve')).toMatchObject({ kind: 'recorded', state: 'granted' });
    const verdict = await world.approval(run.id, 'question');
    expect(await world.effects()).toEqual([
      'disable user-007',
      'revoke user-007',
      'isolate wks-007',
      expect.stringMatching(/^ticket /),
      expect.stringMatching(/^message /),
    ]);
    const holds = await world.store.db.selectFrom('holds').select(['entity_id', 'state']).orderBy('placed_at').execute();
    expect(holds).toEqual([
      { entity_id: 'user-007', state: 'active' },
      { entity_id: 'wks-007', state: 'active' },
    ]);

    await world.decide(verdict, 'answer', { answer: 'false-positive', role: 'analyst' });
    expect(await world.ended(run.id)).toMatchObject({ state: 'completed' });
    expect((await world.effects()).slice(5)).toEqual(['release wks-007', 'enable user-007']);
    expect(await world.store.db.selectFrom('holds').select('state').execute()).toEqual([{ state: 'released' }, { state: 'released' }]);
  });
});
