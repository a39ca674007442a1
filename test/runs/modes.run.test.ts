// observe, ask and act, on real alerts: what a playbook may do is changed while it runs, and is counted before anybody lets it act.
import { readFileSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { wouldWords } from '../../cli/would-have.ts';
import { readWouldHave, setMode } from '../../store/modes.ts';
import type { PlaybookMode } from '../../store/playbook-versions.ts';
import { barePlaybooks, malwareOn } from './bare-playbooks.ts';
import { startWorld, WORLD_WITHIN_MS, type World } from './world.ts';

const playbooks = barePlaybooks();
let world: World;
beforeAll(async () => {
  world = await startWorld({
    playbooks,
    policy: readFileSync('worker/trial/policy.yaml', 'utf8'),
    needs: (_, target) => (target === 'dc-01' ? undefined : 0),
  });
}, WORLD_WITHIN_MS);
afterAll(async () => {
  await world.close();
  rmSync(playbooks, { recursive: true, force: true });
});

const mode = async (to: PlaybookMode) =>
  expect(await setMode(world.store.db, { playbook: 'bare-isolate', mode: to, by: 'per_ana', reason: 'test' }, new Date())).toBe(true);
const start = async (host: string) => (await world.run(await world.alert(malwareOn(host)))).id;
const isolate = async (run: string) => (await world.steps(run)).find((step) => step.key === 'isolate');

describe('a playbook', () => {
  it('that observes touches nothing and asks nobody, and what it would have done is counted, protected things too', async () => {
    await mode('observe');
    for (const host of ['wks-401', 'wks-402', 'dc-01']) expect(await world.ended(await start(host))).toMatchObject({ state: 'completed' });
    expect(await world.effects()).toEqual([]);
    expect(await world.store.db.selectFrom('approvals').select('id').execute()).toEqual([]);
    expect(await world.store.db.selectFrom('holds').select('id').execute()).toEqual([]);
    const seen = await readWouldHave(world.store.db, 'bare-isolate', 14);
    expect(seen).toMatchObject({ runs: 3, failed: 0 });
    expect(wouldWords(seen)).toContain('Isolate a host: 3 times, 1 of them protected (protect-domain-controllers), 2 after an approval');
  }, 60_000);

  it('that asks has every effect approved, also what policy would allow; set to observe meanwhile, it does nothing any more', async () => {
    const policy = world.state.policy;
    world.state.policy = { ...policy, rules: [] };
    await mode('ask');
    const [first, second] = [await start('wks-403'), await start('wks-404')];
    await world.decide(await world.approval(first, 'approval'), 'approve');
    expect(await world.ended(first)).toMatchObject({ state: 'completed' });
    expect((await isolate(first))?.outcome).toBe('changed');
    const approval = await world.approval(second, 'approval');
    await mode('observe');
    await world.decide(approval, 'approve');
    await world.ended(second);
    expect((await isolate(second))?.outcome).toBe('would');
    expect(await world.effects()).toEqual(['isolate wks-403']);
    await mode('act');
    await world.ended(await start('wks-405'));
    expect(await world.effects()).toEqual(['isolate wks-403', 'isolate wks-405']);
    world.state.policy = policy;
  }, 60_000);
});
