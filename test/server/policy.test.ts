import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseEntities } from '../../language/inventory-text.ts';
import { canonicalEntities, inventoryOf } from '../../policy/entities.ts';
import { parsePolicy } from '../../worker/policy-file.ts';
import { type Harness, startHarness } from './harness.ts';
import { makeRun } from './rows.ts';

const POLICY = `
rules:
  - { name: dc, reason: It takes all with it., match: { verbs: [host.isolate], tags: [domain-controller] }, then: deny }
tiers: { reversible: { role: responder } }
limits: [{ name: few, reason: Enough., match: { verbs: [host.isolate] }, at_most: 1, within: 1h, then: { ask: { role: admin, count: 2 } } }]
`;
let harness: Harness;
beforeAll(async () => {
  const policy = parsePolicy(POLICY, 'policy.yaml');
  const inventory = inventoryOf(
    canonicalEntities(parseEntities('hosts: [{ name: dc-01, aliases: [dc-01.example.test], tags: [domain-controller] }]', 'entities.yaml')),
  );
  harness = await startHarness({ policyInForce: { policy: () => policy, inventory: () => inventory, ourselves: () => ['soar-01'] } });
});
afterAll(async () => {
  await harness.close();
});
const explain = async (query: string) =>
  await harness.app.inject({ url: `/api/v1/policy/explain?${query}`, headers: { authorization: `Bearer ${harness.token}` } });

describe('what policy would decide now', () => {
  it('is told with the rule, the reason and what is known of the target, under any of its names', async () => {
    expect((await explain('verb=host.isolate&target=DC-01.example.test')).json()).toMatchObject({
      decision: { effect: 'deny', rule: 'dc', reason: 'It takes all with it.' },
      target: { key: 'host:dc-01', known: true, tags: ['domain-controller'] },
      rules: [
        { name: 'dc', then: 'deny' },
        { name: 'tier-reversible', then: 'ask' },
      ],
      limits: [{ name: 'few', used: 0, atMost: 1, withinMs: 3_600_000 }],
    });
    expect((await explain('verb=host.isolate&target=soar-01')).json()).toMatchObject({
      decision: { effect: 'deny', rule: 'forbidden-ourselves' },
    });
    expect((await explain('verb=host.isolate&target=wks-1')).json()).toMatchObject({
      target: { known: false },
      decision: { effect: 'ask', requirement: { count: 1, role: 'responder' } },
    });
  });

  it('counts what has begun', async () => {
    const run_id = await makeRun(harness.deps.store);
    await harness.deps.store.db
      .insertInto('steps')
      .values({
        run_id,
        key: 'a',
        step_id: 'a',
        kind: 'do',
        verb: 'host.isolate',
        risk: 'reversible',
        state: 'ended',
        intent_at: new Date(),
      })
      .execute();
    expect((await explain('verb=host.isolate&target=wks-1')).json()).toMatchObject({
      decision: { effect: 'ask', requirement: { count: 2, role: 'admin' } },
      limits: [{ name: 'few', used: 1 }],
    });
  });

  it('is an error for a verb that does not exist', async () => {
    expect((await explain('verb=host.isolat&target=wks-1')).json()).toMatchObject({ status: 400, code: 'INVALID_INPUT' });
    expect((await explain('verb=constructor&target=wks-1')).json()).toMatchObject({ status: 400, code: 'INVALID_INPUT' });
  });
});
