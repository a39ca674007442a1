// What must not happen in the field, as sentences: on a real Temporal server, judged by what the practice range has recorded.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPerson } from '../../store/people.ts';
import { addSuppression } from '../../store/suppressions.ts';
import { parsePolicy } from '../../worker/policy-file.ts';
import { api, type Harness, startHarness } from '../server/harness.ts';
import { playbookFolder } from './bare-playbooks.ts';
import { eventually, startWorld, WORLD_WITHIN_MS, type World } from './world.ts';

const POLICY = `
rules:
  - { name: two-people, reason: It is everybody's., match: { verbs: [host.isolate], names: [wks-371] }, then: { ask: { role: responder, count: 2 } } }
  - { name: erasing, reason: There is no way back., match: { verbs: [host.wipe] }, then: { ask: { role: responder } } }
limits:
  - { name: one-revocation, reason: An outage of our own making., match: { verbs: [session.revoke] }, at_most: 1, within: 1h, then: deny }
approvals: { within: 30m, use_by: 1h, author_may_approve: true }
`;
const playbook = (name: string, kind: 'host' | 'user', steps: string, trigger = '') => `playbook: ${name}
title: Made up ${name}
owner: tests
inputs: { ${kind}: { type: ${kind} } }
triggers:
  - alert: { source: [plain] }
    when: get(alert, 'data.play', '') == '${name}'
    with: { ${kind}: "\${{ alert.${kind}s[0] }}" }
${trigger}steps:
${steps}
`;
const host = 'with: { host: "${{ inputs.host }}" }';
const user = 'with: { user: "${{ inputs.user }}" }';
const playbooks = () =>
  playbookFolder({
    isolate: playbook('isolate', 'host', `  - { id: isolate, do: host.isolate, ${host}, hold: { for: 24h, then: ask } }`),
    brief: playbook('brief', 'host', `  - { id: isolate, do: host.isolate, ${host}, hold: { for: 1h, then: release } }`),
    revoke: playbook('revoke', 'user', `  - { id: revoke, do: session.revoke, ${user} }`),
    wipe: playbook('wipe', 'host', `  - { id: wipe, do: host.wipe, ${host} }`),
    ends: playbook(
      'ends',
      'user',
      `  - { id: disable, do: user.disable, ${user}, hold: until_released }`,
      '    dedupe: { by: "${{ id_of(inputs.user) }}", within: 4h }\n    when_resolved: undo\n',
    ),
    ...Object.fromEntries(
      (['note', 'ask'] as const).map((word) => [
        word,
        playbook(
          word,
          'user',
          `  - { id: disable, do: user.disable, ${user}, hold: until_released }`,
          `    dedupe: { by: "\${{ id_of(inputs.user) }}", within: 4h }\n    when_resolved: ${word}\n`,
        ),
      ]),
    ),
    silenced: playbook(
      'silenced',
      'host',
      `  - { id: isolate, do: host.isolate, ${host}, hold: until_released }`,
      '    dedupe: { by: "${{ id_of(inputs.host) }}", within: 4h }\n    when_resolved: undo\n',
    ),
    personal: playbook(
      'personal',
      'user',
      `  - { id: disable, do: user.disable, ${user}, hold: until_released, approve: { by: { role: responder }, within: 1h } }`,
    ),
  });

let world: World;
let server: Harness;
beforeAll(async () => {
  world = await startWorld({ playbooks: playbooks(), policy: POLICY, needs: (_, target) => (target === 'wks-371' ? 2 : 0) });
  server = await startHarness({ store: world.store, now: () => new Date() });
}, WORLD_WITHIN_MS);
afterAll(async () => {
  await server.app.close();
  await world.close();
});

const alertOf = (play: string, target: string, more: object = {}) => ({
  ...{ title: `${play} ${target}`, severity: 'high', data: { play } },
  ...(target.startsWith('user') ? { users: [{ id: target }] } : { hosts: [{ id: target }] }),
  ...more,
});
const start = async (play: string, target: string) => (await world.run(await world.alert(alertOf(play, target)))).id;
const effectsOn = async (target: string) => (await world.effects()).filter((effect) => effect.endsWith(` ${target}`));
const step = async (runId: string) => (await world.steps(runId)).find(({ kind }) => kind === 'do');
/** The hold's time is over. */
const expire = async (runId: string) => {
  await world.store.db
    .updateTable('holds')
    .set({ expires_at: new Date(Date.now() - 1_000) })
    .where('run_id', '=', runId)
    .execute();
  await world.dispatch.sweep();
};
const child = async (runId: string, kind: string, not: readonly string[] = []) =>
  await eventually(
    async () =>
      (await world.store.db.selectFrom('runs').selectAll().where('parent_run_id', '=', runId).where('kind', '=', kind).execute()).find(
        ({ id }) => !not.includes(id),
      ),
    `a ${kind} run of ${runId}`,
  );

describe('policy', () => {
  it('that wants two people gets two: the same one twice is one, and nothing is done before the second', async () => {
    const run = await start('isolate', 'wks-371');
    const approval = await world.approval(run, 'approval');
    expect(await world.decide(approval, 'approve')).toMatchObject({ kind: 'recorded', state: 'open' });
    expect(await world.decide(approval, 'approve')).toMatchObject({ kind: 'refused', code: 'APPROVAL_TWICE' });
    await world.handle(run).signal('wake');
    await world.dispatch.idle();
    expect(await effectsOn('wks-371')).toEqual([]);
    expect(await world.decide(approval, 'approve', { who: 'ben' })).toMatchObject({ kind: 'recorded', state: 'granted' });
    await world.ended(run);
    expect(await effectsOn('wks-371')).toEqual(['isolate wks-371']);
  });

  it('lets one of many at the same instant have the last place of a limit', async () => {
    const users = ['user-371', 'user-373', 'user-374', 'user-375', 'user-377'];
    const runs = await Promise.all(users.map(async (one) => await start('revoke', one)));
    for (const run of runs) await world.ended(run);
    expect((await world.effects()).filter((effect) => effect.startsWith('revoke '))).toHaveLength(1);
    const steps = await Promise.all(runs.map(step));
    expect(steps.map((one) => one?.outcome).sort()).toEqual(['changed', 'denied', 'denied', 'denied', 'denied']);
    expect(steps.find((one) => one?.outcome === 'denied')?.decision).toMatchObject({ rule: 'one-revocation', effect: 'deny' });
  });

  it('is no guess: a host that two products know is an error, and neither is told to do anything', async () => {
    const trial = world.state.connectors;
    const [edr] = trial.servers('host.isolate').filter(({ id }) => id === 'practice-edr');
    if (!edr) throw new Error('the trial has an EDR');
    world.state.connectors = {
      ...trial,
      servers: (verb) => [...trial.servers(verb), ...(verb === 'host.isolate' ? [{ ...edr, id: 'another-edr' }] : [])],
    };
    try {
      const run = await start('isolate', 'wks-373');
      expect(await world.ended(run)).toMatchObject({ state: 'failed' });
      expect(await step(run)).toMatchObject({ outcome: 'failed', error: expect.objectContaining({ code: 'TARGET_AMBIGUOUS' }) });
    } finally {
      world.state.connectors = trial;
    }
    expect(await effectsOn('wks-373')).toEqual([]);
  });
});

const HOUR = 3_600_000;
/** With hours that begin and end so far from now, and a freeze likewise, in hours. */
const policyOf = (hours: readonly [number, number], freeze: readonly [number, number]) => {
  const [opens, closes, from, to] = [...hours, ...freeze].map((hour) =>
    new Date(Date.now() + hour * HOUR).toISOString().replace(/\.\d+/, ''),
  );
  const about = (host: string) => `match: { verbs: [host.isolate], names: [${host}]`;
  const text = `
hours: { ours: { zone: UTC, from: "${opens?.slice(11, 16)}", to: "${closes?.slice(11, 16)}" } }
rules:
  - { name: ask-at-night, reason: Nobody is at work., ${about('wks-381')}, outside: ours }, then: { ask: { role: responder } } }
  - { name: not-at-night, reason: Nobody is at work., ${about('wks-382')}, outside: ours }, then: deny }
freezes:
  - { name: year-end, reason: The books are closed., from: "${from}", to: "${to}", ${about('wks-383')} } }
approvals: { within: 30m, use_by: 1h }
`;
  return parsePolicy(text, 'policy.yaml');
};

describe('allowed hours and a change freeze', () => {
  it('ask or deny outside of the hours and while the freeze lasts, as the rule says, and ask nobody otherwise', async () => {
    const { policy } = world.state;
    const hosts = ['wks-381', 'wks-382', 'wks-383'];
    try {
      world.state.policy = policyOf([2, 4], [-1, 1]);
      const [asks, denied, frozen] = [
        await start('isolate', 'wks-381'),
        await start('isolate', 'wks-382'),
        await start('isolate', 'wks-383'),
      ];
      await world.decide(await world.approval(asks, 'approval'), 'deny');
      for (const run of [asks, denied, frozen]) await world.ended(run);
      expect((await step(denied))?.decision).toMatchObject({ rule: 'not-at-night', effect: 'deny' });
      expect((await step(frozen))?.decision).toMatchObject({ rule: 'year-end', effect: 'deny' });
      for (const host of hosts) expect(await effectsOn(host)).toEqual([]);
      world.state.policy = policyOf([-1, 1], [-2, -1]);
      for (const host of hosts) expect(await world.ended(await start('isolate', host))).toMatchObject({ state: 'completed' });
    } finally {
      world.state.policy = policy;
    }
    for (const host of hosts) expect(await effectsOn(host)).toEqual([`isolate ${host}`]);
  });
});

describe('what cannot be taken back', () => {
  it('is marked before it is approved, and not approved without a reason', async () => {
    const run = await start('wipe', 'wks-372');
    const { id, digest } = await world.approval(run, 'approval');
    const approve = async (reason: string) => (await api(server, 'POST', `/approvals/${id}/approve`, { digest, reason })).json();
    expect((await api(server, 'GET', `/approvals/${id}`)).json().items[0]).toMatchObject({ risk: 'destructive' });
    expect(await approve('')).toMatchObject({ code: 'APPROVAL_REASON' });
    expect(await effectsOn('wks-372')).toEqual([]);
    world.noteDecision({ id, digest, runId: run, who: 'owner' });
    expect(await approve('stolen, and full of keys')).toMatchObject({ state: 'granted' });
    await world.ended(run);
    expect(await effectsOn('wks-372')).toEqual(['wipe wks-372']);
  });
});

describe('whoever it would be done to', () => {
  it('cannot approve it under any of their names, and may say no', async () => {
    const login = 'user-376';
    const made = { login, name: 'Made Up', role: 'responder', passwordHash: 'made-up', oneTime: false } as const;
    const person = await createPerson(world.store.db, made, new Date());
    const run = await start('personal', login);
    const approval = await world.approval(run, 'approval');
    const as = { who: person?.id.slice('per_'.length) ?? '', names: [login] };
    expect(await world.decide(approval, 'approve', as)).toMatchObject({ kind: 'refused' });
    expect(await world.decide(approval, 'deny', as)).toMatchObject({ kind: 'recorded', state: 'denied' });
    await world.ended(run);
    expect(await effectsOn(login)).toEqual([]);
  });
});

describe('a hold', () => {
  it('whose time is over is asked about; silence keeps it, and an answer gives it back', async () => {
    const run = await start('isolate', 'wks-374');
    await world.ended(run);
    await expire(run);
    const first = await child(run, 'hold');
    const question = await world.approval(first.id, 'question');
    await world.store.db
      .updateTable('approvals')
      .set({ expires_at: new Date(Date.now() - 1_000) })
      .where('id', '=', question.id)
      .execute();
    await world.dispatch.sweep();
    await world.ended(first.id);
    expect(await effectsOn('wks-374')).toEqual(['isolate wks-374']);
    await expire(run);
    const second = await child(run, 'hold', [first.id]);
    await world.decide(await world.approval(second.id, 'question'), 'answer', { answer: 'release' });
    await world.ended(second.id);
    expect(await effectsOn('wks-374')).toEqual(['isolate wks-374', 'release wks-374']);
  });

  it('that was written to end by itself does, once', async () => {
    const run = await start('brief', 'wks-375');
    await world.ended(run);
    await expire(run);
    await world.ended((await child(run, 'undo')).id);
    await world.dispatch.sweep();
    expect(await effectsOn('wks-375')).toEqual(['isolate wks-375', 'release wks-375']);
  });
});

describe('the all-clear of a source', () => {
  it('undoes what the trigger says it undoes', async () => {
    const run = await start('ends', 'user-378');
    await world.ended(run);
    await world.alert(alertOf('ends', 'user-378', { status: 'resolved' }));
    await world.ended((await child(run, 'undo')).id);
    expect(await effectsOn('user-378')).toEqual(['disable user-378', 'enable user-378']);
  });

  it('is only noted, or asked about, where the trigger says so', async () => {
    const [noted, asks] = [await start('note', 'user-381'), await start('ask', 'user-382')];
    for (const run of [noted, asks]) await world.ended(run);
    const allClear = await world.alert(alertOf('note', 'user-381', { status: 'resolved' }));
    await world.alert(alertOf('ask', 'user-382', { status: 'resolved' }));
    const question = await child(asks, 'hold');
    await world.decide(await world.approval(question.id, 'question'), 'answer', { answer: 'release' });
    await world.ended(question.id);
    expect(await effectsOn('user-382')).toEqual(['disable user-382', 'enable user-382']);
    const decision = async () =>
      await world.store.db
        .selectFrom('trigger_decisions')
        .selectAll()
        .where('alert_id', '=', allClear)
        .where('playbook', '=', 'note')
        .executeTakeFirst();
    expect(await eventually(decision, 'the decision')).toMatchObject({
      reason: expect.stringContaining('when_resolved: note'),
    });
    expect(await world.store.db.selectFrom('runs').select('id').where('parent_run_id', '=', noted).execute()).toEqual([]);
    expect(await effectsOn('user-381')).toEqual(['disable user-381']);
  });

  it('undoes no isolation by itself: the host may be quiet because we have silenced it, so people are asked', async () => {
    const run = await start('silenced', 'wks-376');
    await world.ended(run);
    await world.alert(alertOf('silenced', 'wks-376', { status: 'resolved' }));
    const asks = await child(run, 'hold');
    await world.approval(asks.id, 'question');
    expect(await effectsOn('wks-376')).toEqual(['isolate wks-376']);
  });
});

describe('a suppression', () => {
  it('starts nothing while it lasts, keeps and counts what it hid, and not for a moment longer', async () => {
    const match = { entities: ['host:wks-377'] };
    const expiresAt = new Date(Date.now() + 3_600_000);
    const id = await addSuppression(world.store.db, { title: 'New disks', match, reason: 'planned', by: 'per_ana', expiresAt }, new Date());
    const alert = await world.alert(alertOf('isolate', 'wks-377'));
    const decision = async () =>
      await world.store.db
        .selectFrom('trigger_decisions')
        .selectAll()
        .where('alert_id', '=', alert)
        .where('suppression_id', '=', id)
        .executeTakeFirst();
    expect(await eventually(decision, 'the decision')).toMatchObject({ decision: 'suppressed', run_id: null });
    expect((await api(server, 'GET', `/suppressions/${id}`)).json()).toMatchObject({ hidden: 1, reason: 'planned' });
    expect((await api(server, 'GET', `/alerts?suppression=${id}`)).json().items).toHaveLength(1);
    await world.store.db
      .updateTable('suppressions')
      .set({ expires_at: new Date(Date.now() - 1) })
      .where('id', '=', id)
      .execute();
    await world.ended(await start('isolate', 'wks-377'));
    expect(await effectsOn('wks-377')).toEqual(['isolate wks-377']);
  });
});
