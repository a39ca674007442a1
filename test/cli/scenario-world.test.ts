// The world of a scenario against the one of production: what is so already, and who an input is.
import { describe, expect, it } from '@jest/globals';
import { runScenarios } from '../../cli/run-scenarios.ts';

const head = `playbook: twice
title: Twice
owner: tests
inputs:
  user: { type: user }
  users: { type: user, list: true, optional: true, default: [] }
  host: { type: host, optional: true }
triggers:
  - manual: {}
steps:
`;
const EVE = '{ id: user-007, name: Eve Adams, email: eve.adams@example.test }';
const run = (steps: string, scenario: string) => {
  const [only] = runScenarios({
    beside: [],
    playbook: { file: 'playbook.yaml', text: head + steps },
    scenarios: [{ file: 'one.yaml', text: `scenario: One\n${scenario}` }],
  }).scenarios;
  return { faults: [...(only?.diagnostics ?? []), ...(only?.comparison?.faults ?? [])].map(({ message }) => message), ...only?.simulation };
};
const disable = (id: string, user = '"${{ inputs.user }}"') =>
  `  - { id: ${id}, do: user.disable, with: { user: ${user} }, hold: until_released }\n`;
const look = (id: string) => `  - { id: ${id}, do: user.lookup, with: { user: "\${{ inputs.user }}" } }\n`;

describe('what is so in a simulated world', () => {
  it('an account that was disabled is disabled: the second time is already, and only the first is undone', () => {
    const steps = `${disable('a')}${disable('b')}${look('look')}  - undo: b\n${look('between')}  - undo: all\n${look('after')}`;
    const world = run(steps, `inputs: { user: ${EVE} }\nexpect: [a, { b: already }]\nundone: [a]\nheld: []\n`);
    expect(world.faults).toEqual([]);
    expect(['look', 'between', 'after'].map((id) => world.results?.[id]?.output?.enabled)).toEqual([false, false, true]);
  });

  it('a thing is known by each of its exact names, and another with the same display name is another', () => {
    const steps =
      disable('a') + disable('by_email', 'eve.adams@example.test') + disable('by_id', 'USER-007') + disable('other', '"Eve Adams"');
    const world = run(steps, `inputs: { user: ${EVE} }\noutcome: completed\n`);
    expect(['a', 'by_email', 'by_id', 'other'].map((id) => world.results?.[id]?.outcome)).toEqual([
      'changed',
      'already',
      'already',
      'changed',
    ]);
  });

  it('what was undone can be done again; what failed or could not be read back is not so', () => {
    const again = run(`${disable('a')}  - undo: a\n${disable('b')}`, `inputs: { user: ${EVE} }\nexpect: [a, b]\nheld: [b]\n`);
    expect(again.faults).toEqual([]);
    const failing = `  - { id: a, do: user.disable, with: { user: "\${{ inputs.user }}" }, on_error: continue }\n${disable('b')}`;
    expect(run(failing, `inputs: { user: ${EVE} }\nanswers: { a: { outcome: failed } }\nexpect: [b]\n`).faults).toEqual([]);
    expect(run(failing, `inputs: { user: ${EVE} }\nanswers: { a: { outcome: unverified } }\nexpect: [b]\n`).faults).toEqual([]);
  });

  it('a scenario says what is so at the start: nobody is asked about it, and nothing of it is undone', () => {
    const asks = `  - { id: a, approve: { by: { role: responder }, within: 5m }, do: user.disable, with: { user: "\${{ inputs.user }}" } }\n  - undo: all\n`;
    const so = 'already: [{ verb: user.disable, on: user-007 }]\n';
    expect(run(asks, `inputs: { user: ${EVE} }\n${so}expect: [{ a: already, at: 0s }]\nundone: []\noutcome: completed\n`).faults).toEqual(
      [],
    );
    const host = `  - { id: h, do: host.lookup, with: { host: "\${{ inputs.host }}" } }\n`;
    const isolated = run(
      host,
      `inputs: { user: u, host: wks-007 }\nalready: [{ verb: host.isolate, on: { id: WKS-007 } }]\noutcome: completed\n`,
    );
    expect(isolated.results?.h?.output?.isolated).toBe(true);
    expect(run(asks, `inputs: { user: u }\nalready: [{ verb: ticket.open, on: x }]\noutcome: completed\n`).faults).toEqual([
      '`ticket.open` is no effect that stays in force',
    ]);
  });

  it('sessions that were ended are none the next time', () => {
    const revoke = (id: string) => `  - { id: ${id}, do: session.revoke, with: { user: "\${{ inputs.user }}" } }\n`;
    const world = run(revoke('a') + revoke('b') + look('look'), `inputs: { user: ${EVE} }\nexpect: [a, { b: already }]\n`);
    expect(world.faults).toEqual([]);
    expect([world.results?.a?.output?.ended, world.results?.b?.output?.ended, world.results?.look?.output?.sessions]).toEqual([1, 0, 0]);
  });
});

describe('inputs of a simulated start by hand', () => {
  const set = (cel: string) => `  - { id: s, do: ticket.open, with: { title: "\${{ ${cel} }}" } }\n`;
  const title = (cel: string, inputs: string) => run(set(cel), `inputs: ${inputs}\noutcome: completed\n`).performed?.[0]?.params.title;

  it('text where a user or a host is wanted becomes an entity of the shape that production makes of it', () => {
    const address = '{ user: eve.adams@example.test, users: [u-1, { id: u-2, name: Ben }], host: wks-007 }';
    expect(title("inputs.user.name + ' ' + inputs.user.email", address)).toBe('eve.adams@example.test eve.adams@example.test');
    expect(title("join(inputs.users.map(u, u.name), ' ')", address)).toBe('u-1 Ben');
    expect(title('inputs.host.id', address)).toBe('wks-007');
    expect(title("inputs.user == 'eve.adams@example.test' ? 'text' : 'entity'", address)).toBe('entity');
  });

  it('a whole entity stays as it was given', () => {
    expect(title('inputs.user.name', `{ user: ${EVE} }`)).toBe('Eve Adams');
  });
});
