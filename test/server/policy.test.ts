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

describe('importing entities', () => {
  const send = async (body: object) =>
    await harness.app.inject({
      method: 'POST',
      url: '/api/v1/entities/import',
      headers: { authorization: `Bearer ${harness.token}` },
      payload: { source: 'cmdb', format: 'csv', path: 'cmdb.csv', ...body },
    });
  const text = 'kind,name,tags\nhost,payroll-db,server\n';

  it('is a preview unless it is said otherwise, and then is what people see', async () => {
    expect((await send({ text })).json()).toMatchObject({ imported: false, change: { added: ['host:payroll-db'] } });
    const list = async () =>
      (await harness.app.inject({ url: '/api/v1/entities?name=PAYROLL-DB', headers: { authorization: `Bearer ${harness.token}` } })).json()
        .items;
    expect(await list()).toEqual([]);
    expect((await send({ text, preview: false })).json()).toMatchObject({ imported: true });
    expect(await list()).toMatchObject([{ id: 'host:payroll-db', tags: ['server'], sources: ['import:cmdb'] }]);
  });

  it('changes nothing when a line of the file is wrong, and cannot pass for the file or for a connector', async () => {
    const wrong = await send({ text: `${text}hots,x,\n`, preview: false });
    expect(wrong.json()).toMatchObject({ imported: false, diagnostics: [{ line: 3 }] });
    for (const source of ['file:', 'connector:edr', '', '../file']) expect((await send({ text, source })).statusCode).toBe(400);
  });
});
