// Policy on real runs: what somebody tries who wants more than policy allows, and what stops it. The range's own record is what counts.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SAMPLES } from '../../alerts/samples.ts';
import { openIncident } from '../../store/incidents.ts';
import { createPerson } from '../../store/people.ts';
import { createRun } from '../../store/runs.ts';
import { barePlaybooks, malwareOn, travelOf } from './bare-playbooks.ts';
import { startWorld, WORLD_WITHIN_MS, type World } from './world.ts';

const POLICY = `
rules:
  - { name: dc, reason: It takes the company with it., match: { verbs: [host.isolate], tags: [domain-controller] }, then: deny }
limits:
  - { name: two-isolations, reason: An outage of our own making., match: { verbs: [host.isolate] }, at_most: 2, within: 1h, then: deny }
`;
let world: World;
beforeAll(async () => {
  world = await startWorld({ playbooks: barePlaybooks(), policy: POLICY, needs: (_, target) => (target === 'dc-01' ? undefined : 0) });
}, WORLD_WITHIN_MS);
afterAll(async () => {
  await world.close();
});

const malware = (host: object) => ({ ...SAMPLES.malware, hosts: [host] });
const effects = async (target: string) => (await world.effects()).filter((effect) => effect.endsWith(` ${target}`));
const decisionOf = async (runId: string) =>
  await world.store.db
    .selectFrom('steps')
    .select(['outcome', 'decision', 'error'])
    .where('run_id', '=', runId)
    .where('verb', '=', 'host.isolate')
    .executeTakeFirst();

describe('policy', () => {
  it.each([
    ['its name', { name: 'dc-01' }],
    ['its name in capitals', { name: 'DC-01' }],
    ['its id', { id: 'dc-01' }],
    ['name, id and address', { id: 'dc-01', name: 'dc-01', ip: '10.20.9.1' }],
    ['its address', { ip: '10.20.9.1' }],
  ])('keeps the domain controller on the network, whichever way an alert names it: %s', async (_, host) => {
    const run = await world.run(await world.alert(malware(host)));
    await world.ended(run.id);
    expect(await effects('dc-01')).toEqual([]);
    expect(await decisionOf(run.id)).toMatchObject({
      outcome: 'denied',
      decision: { effect: 'deny', rule: 'dc', facts: { tags: expect.arrayContaining(['domain-controller']) } },
    });
  });

  it('isolates two hosts within the hour; the third is denied with the limit, recorded with its facts, and people are paged', async () => {
    const runs = [];
    for (const host of ['wks-301', 'wks-302', 'wks-303']) {
      const run = await world.run(await world.alert(malwareOn(host)));
      await world.ended(run.id);
      runs.push(run.id);
    }
    expect((await world.effects()).filter((effect) => effect.startsWith('isolate '))).toEqual(['isolate wks-301', 'isolate wks-302']);
    expect(await decisionOf(runs[2] ?? '')).toMatchObject({
      outcome: 'denied',
      decision: { effect: 'deny', rule: 'two-isolations', policy: world.state.policy.digest, facts: { used: { 'two-isolations': 2 } } },
    });
    expect(world.pages.filter((page) => page.includes('two-isolations'))).toHaveLength(1);
  });

  it('lets nobody start a run against themselves, nor Cordon act against its own account', async () => {
    const person = { login: 'user-310', name: 'Made Up', role: 'responder', passwordHash: 'made-up', oneTime: false } as const;
    const eve = await createPerson(world.store.db, person, new Date());
    const published = await world.store.db
      .selectFrom('playbook_versions')
      .selectAll()
      .where('playbook', '=', 'bare-disable')
      .executeTakeFirstOrThrow();
    const runId = await createRun(
      world.store.db,
      {
        ...{ kind: 'playbook', playbook: published.playbook, planDigest: published.digest, mode: 'act', title: 'By hand', severityId: 4 },
        ...{ lane: '', startedBy: eve?.id ?? '', reason: 'made up', inputs: { user: { id: 'user-310' } } },
        incidentId: await openIncident(world.store.db, { title: 'By hand', severityId: 4 }, new Date()),
      },
      new Date(),
    );
    world.store.wake('outbox');
    world.state.ourselves = ['user-311'];
    const ours = await world.run(await world.alert(travelOf('user-311')));
    const allowed = await world.run(await world.alert(travelOf('user-312')));
    for (const id of [runId ?? '', ours.id, allowed.id]) await world.ended(id);
    expect((await world.effects()).filter((effect) => effect.startsWith('disable '))).toEqual(['disable user-312']);
    const rules = await world.store.db
      .selectFrom('steps')
      .select(['decision'])
      .where('verb', '=', 'user.disable')
      .where('outcome', '=', 'denied')
      .execute();
    expect(rules.map(({ decision }) => (decision as { rule: string }).rule).sort()).toEqual(['forbidden-ourselves', 'forbidden-requester']); // as perform wrote it
  });
});
