// Loops and waits on a real Temporal server, with the practice range's own record of what was done.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { postEvent } from '../../store/run-events.ts';
import { ALLOWING_POLICY } from './bare-playbooks.ts';
import { eventually, startWorld, WORLD_WITHIN_MS, type World } from './world.ts';

const disableAll = `playbook: disable-all
title: Disable every account of an alert
description: One decision over all of them, then a wait for an event.
owner: tests
inputs: { users: { type: user, list: true } }
triggers:
  - alert: { source: [plain] }
    when: size(alert.users) > 1
    with: { users: "\${{ alert.users }}" }
steps:
  - id: off
    approve: { by: { role: responder } }
    for_each: { user: "\${{ inputs.users }}" }
    max: 20
    at_once: 4
    steps:
      - { do: user.disable, with: { user: "\${{ user }}" }, hold: until_released, on_error: continue }
  - id: checked
    wait: { event: checked, within: 1h }
  - when: steps.checked.answer == 'false alarm' && steps.off.counts.changed == 6
    undo: [off]
`;
const poll = `playbook: poll
title: Wait until an account is disabled
description: Polls one account while another branch disables it.
owner: tests
inputs: { user: { type: user } }
triggers:
  - alert: { source: [plain] }
    when: size(alert.users) == 1
    with: { user: "\${{ alert.users[0] }}" }
steps:
  - parallel:
      - - repeat: { until: steps.look.enabled == false, every: 1s, for: 1m }
          id: poll
          steps:
            - { id: look, do: user.lookup, with: { user: "\${{ inputs.user }}" } }
      - - wait: 1s
        - { do: user.disable, with: { user: "\${{ inputs.user }}" }, hold: until_released }
  - when: steps.poll.counts.turns > 1
    stop: { outcome: seen }
`;

const callee = `playbook: contain-one
title: Contain one account
description: Called by another.
owner: tests
triggers: [{ manual: {} }]
inputs: { user: { type: user } }
outputs: { enabled: { type: boolean, value: "\${{ steps.off.enabled }}" } }
steps:
  - { id: off, do: user.disable, with: { user: "\${{ inputs.user }}" }, hold: until_released }
`;
const caller = `playbook: caller
title: Contain by calling
description: One call, then an undo of it.
owner: tests
triggers:
  - alert: { source: [plain] }
    when: size(alert.users) == 0 && size(alert.ips) == 0
steps:
  - { id: contain, call: contain-one, with: { user: user-040 } }
  - { when: steps.contain.enabled == false, undo: contain }
`;

const untilOver = `playbook: until-over
title: Wait until the source says that it is over
description: One wait for the event that comes by itself.
owner: tests
inputs: { ip: { type: ip } }
triggers:
  - alert: { source: [plain] }
    when: size(alert.ips) == 1
    with: { ip: "\${{ alert.ips[0] }}" }
    dedupe: { by: "\${{ id_of(inputs.ip) }}", within: 1h }
steps:
  - id: over
    wait: { event: resolved, within: 1h }
  - when: steps.over.outcome == 'answered' && steps.over.by == 'source:plain'
    stop: { outcome: is-over }
`;

let world: World;
beforeAll(async () => {
  const playbooks = mkdtempSync(join(tmpdir(), 'cordon-loops-'));
  for (const [name, text] of Object.entries({ 'disable-all': disableAll, poll, 'contain-one': callee, caller, 'until-over': untilOver })) {
    mkdirSync(join(playbooks, name));
    writeFileSync(join(playbooks, name, 'playbook.yaml'), text);
  }
  world = await startWorld({ playbooks, policy: ALLOWING_POLICY });
}, WORLD_WITHIN_MS);
afterAll(async () => {
  await world.close();
});

const users = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: `user-${String(from + index).padStart(3, '0')}` }));

describe('for_each', () => {
  it('does nothing before one decision over the whole list, then each once; an undo of the loop takes all of it back', async () => {
    const run = await world.run(await world.alert({ title: 'Six accounts', severity: 'high', users: users(10, 6) }));
    const approval = await world.approval(run.id, 'approval');
    expect(await world.effects()).toEqual([]);
    expect(approval.items).toHaveLength(6);
    await world.decide(approval, 'approve');
    const waiting = await eventually(
      async () => (await world.steps(run.id)).find((step) => step.waiting_on === 'event'),
      'the wait for the event',
    );
    expect(waiting).toMatchObject({ key: 'checked', kind: 'wait' });
    expect((await world.effects()).toSorted()).toEqual(users(10, 6).map(({ id }) => `disable ${id}`));

    expect(await postEvent(world.store.db, { runId: run.id, name: 'other', body: null, by: 'per_ana' }, new Date())).toBe(true);
    const signal = { runId: run.id, name: 'checked', body: 'false alarm', by: 'per_ana' };
    expect(await postEvent(world.store.db, signal, new Date())).toBe(true);
    world.store.wake('outbox');
    expect(await world.ended(run.id)).toMatchObject({ state: 'completed' });
    expect((await world.effects()).slice(6).toSorted()).toEqual(users(10, 6).map(({ id }) => `enable ${id}`));
    expect(await postEvent(world.store.db, signal, new Date())).toBe(false);
    expect(await world.audit(run.id)).toContain('run.signalled');
  });
});

describe('an approved loop with a target that nobody knows', () => {
  it('asks for the others and says how many are left out; theirs alone fails', async () => {
    const before = (await world.effects()).length;
    const some = [...users(60, 1), { id: 'nobody-here' }, ...users(61, 1)];
    const run = await world.run(await world.alert({ title: 'Two accounts and a stranger', severity: 'high', users: some }));
    const approval = await world.approval(run.id, 'approval');
    expect(approval.items).toHaveLength(2);
    expect(approval.title).toMatch(/ \(1 not found, and left out\)$/);
    await world.decide(approval, 'approve');
    await eventually(async () => (await world.steps(run.id)).find((step) => step.waiting_on === 'event'), 'the wait for the event');
    expect((await world.effects()).slice(before).toSorted()).toEqual(['disable user-060', 'disable user-061']);
    expect((await world.steps(run.id)).filter((step) => step.outcome === 'failed')).toEqual([
      expect.objectContaining({ key: expect.stringContaining('#1'), error: expect.objectContaining({ code: 'TARGET_NOT_FOUND' }) }),
    ]);
  });

  it('fails without asking where nobody is known at all', async () => {
    const strangers = [{ id: 'nobody-here' }, { id: 'nobody-there' }];
    const run = await world.run(await world.alert({ title: 'Two strangers', severity: 'high', users: strangers }));
    expect(await world.ended(run.id)).toMatchObject({ state: 'failed' });
    expect((await world.steps(run.id)).filter((step) => step.kind === 'do')).toEqual([]);
  });
});

describe('repeat', () => {
  it('asks again until it is so, and ends with what it found', async () => {
    const run = await world.run(await world.alert({ title: 'One account', severity: 'high', users: users(30, 1) }));
    expect(await world.ended(run.id)).toMatchObject({ state: 'stopped', outcome: 'seen' });
  });
});

describe('wait', () => {
  it('for `resolved` ends with the all-clear of the source, and not with that of another alert', async () => {
    const about = (ip: string) => ({ title: 'A scan', severity: 'low', ips: [ip] });
    const run = await world.run(await world.alert(about('192.0.2.7')));
    await eventually(async () => (await world.steps(run.id)).find((step) => step.waiting_on === 'event'), 'the wait for the event');
    const other = await world.alert({ ...about('192.0.2.8'), status: 'resolved' });
    const decided = world.store.db.selectFrom('trigger_decisions').select('id').where('alert_id', '=', other);
    await eventually(async () => await decided.executeTakeFirst(), 'a decision about the other');
    expect((await world.steps(run.id)).filter((step) => step.state === 'waiting')).toHaveLength(1);
    await world.alert({ ...about('192.0.2.7'), status: 'resolved' });
    expect(await world.ended(run.id)).toMatchObject({ state: 'stopped', outcome: 'is-over' });
  });
});

describe('call', () => {
  it('does the steps of the called playbook in the same run, and an undo of the call takes them back', async () => {
    const before = (await world.effects()).length;
    const run = await world.run(await world.alert({ title: 'Nobody in particular', severity: 'high' }));
    expect(await world.ended(run.id)).toMatchObject({ state: 'completed' });
    expect((await world.effects()).slice(before)).toEqual(['disable user-040', 'enable user-040']);
    const holds = await world.store.db.selectFrom('holds').select(['key', 'run_id', 'state']).where('run_id', '=', run.id).execute();
    expect(holds).toEqual([{ key: 'contain.off', run_id: run.id, state: 'released' }]);
  });
});
