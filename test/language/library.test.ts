import { describe, expect, it } from '@jest/globals';
import { libraryOf } from '../../language/library.ts';
import { readPlaybook } from '../../language/parse.ts';

const head = (name: string, triggers = '[{ manual: {} }]') => `playbook: ${name}\ntitle: t\nowner: o\ntriggers: ${triggers}\n`;
const callee = `${head('contain')}inputs: { user: { type: user }, why: { type: text, optional: true } }
outputs: { enabled: { type: boolean, value: "\${{ steps.off.enabled }}" } }
steps:
  - { id: off, do: user.disable, with: { user: "\${{ inputs.user }}" }, hold: until_released }
  - { when: inputs.why == null, undo: all }
`;
const asks = `${head('asks')}steps:
  - { do: session.revoke, with: { user: eve }, approve: { by: { role: responder } } }
`;
const loop = (name: string, other: string) => `${head(name)}steps:\n  - call: ${other}\n`;

function read(text: string, others: Readonly<Record<string, string>> = { contain: callee, asks }) {
  const texts = Object.entries(others).map(([name, one]) => ({ file: `${name}.yaml`, text: one }));
  const library = libraryOf(texts, (one, file, within) => readPlaybook(one, file, undefined, within));
  return readPlaybook(text, 'p.yaml', undefined, library);
}
const told = (text: string, others?: Readonly<Record<string, string>>) =>
  read(text, others).diagnostics.map((one) => `${one.line} ${one.code} ${one.message} ${one.hint ?? ''}`);
const calling = (step: string) => `${head('p')}steps:\n  - ${step}\n`;

describe('a call', () => {
  it('makes the called playbook a part of the plan, with ids of its own and an undo of no more than its own', () => {
    const { plan, diagnostics } = read(
      `${calling('{ id: first, call: contain, with: { user: eve } }')}  - { id: off, set: { x: "\${{ steps.first.enabled }}" } }\n`,
    );
    expect(diagnostics).toEqual([]);
    const [call] = plan?.steps ?? [];
    expect(call?.kind === 'call' ? call.callee.steps : []).toMatchObject([
      { id: 'first.off', kind: 'do' },
      { id: 'first.step-2', kind: 'undo', scope: ['first.off', 'first.step-2'] },
    ]);
  });

  it('pins what it calls: another text of it is another plan', () => {
    const one = read(calling('{ call: contain, with: { user: eve } }'));
    const other = read(calling('{ call: contain, with: { user: eve } }'), { contain: callee.replace('until_released', '{ for: 1h }') });
    expect(one.digestInput).not.toBe(other.digestInput);
  });

  it.each([
    ['{ call: contian, with: { user: eve } }', /CALL_UNKNOWN there is no playbook `contian` did you mean `contain`/],
    ['{ call: contain }', /INPUT_MISSING `contain` needs the input `user`/],
    ['{ call: contain, with: { user: eve, usr: eve } }', /INPUT_UNKNOWN .*did you mean `user`/],
    ['{ call: contain, with: { user: [eve] } }', /PARAMETER_TYPE/],
    ['{ call: contain, with: { user: null } }', /PARAMETER_TYPE `user` must have a value/],
    ['{ call: contain, with: { user: "${{ 1 + 1 }}" } }', /PARAMETER_TYPE `user` takes user, and this is number/],
    ['{ call: contain, with: { user: "${{ [\'eve\'] }}" } }', /PARAMETER_TYPE `user` takes one user, and this is a list/],
    ['{ call: contain, with: { user: eve, why: "${{ {\'a\': 1} }}" } }', /PARAMETER_TYPE `why` takes text, and this is a map/],
    [
      '{ id: who, do: user.lookup, with: { user: eve } }\n  - { call: contain, with: { user: "${{ steps.who.enabled }}" } }',
      /PARAMETER_TYPE `user` takes user, and `steps.who.enabled` is boolean/,
    ],
    [
      '{ id: c, call: contain, with: { user: eve } }\n  - { call: contain, with: { user: "${{ steps.c.enabled }}" } }',
      /PARAMETER_TYPE `user` takes user, and `steps.c.enabled` is boolean/,
    ],
    ['{ do: user.disable, with: { user: e }, hold: until_released, on_error: [{ call: contain }] }', /INPUT_MISSING `contain` needs/],
    ['{ call: p }', /CALL_RECURSES `p` comes back to its caller: p → p/],
    [
      '{ group: [{ call: asks }, { do: user.disable, with: { user: e }, hold: until_released }], approve: { by: { role: responder } } }',
      /APPROVE_NESTED/,
    ],
    ['{ for_each: { u: "${{ [1] }}" }, max: 1, steps: [{ call: asks }] }', /APPROVE_IN_LOOP/],
    ['{ group: [{ call: contain, with: { user: e } }], approve: { by: { role: responder } } }', /APPROVE_CONTENT .*`undo`/],
    [
      '{ id: c, call: contain, with: { user: eve } }\n  - { set: { x: "${{ steps.c.enable }}" } }',
      /RESULT_UNKNOWN .*did you mean `enabled`/,
    ],
    ['{ id: c, call: contain, with: { user: eve } }\n  - { set: { x: "${{ steps.off.outcome }}" } }', /STEP_UNKNOWN/],
  ])('%s', (step, message) => {
    expect(told(calling(step)).join('\n')).toMatch(message);
  });

  it('is given inputs of its caller that are there and of the right type', () => {
    const inputs = 'inputs: { maybe: { type: user, optional: true }, people: { type: user, list: true }, on: { type: boolean } }\n';
    const given = (value: string, when = '') =>
      told(inputs + calling(`{ ${when}call: contain, with: { user: "\${{ ${value} }}" } }`)).join();
    expect(given('inputs.maybe')).toMatch(/INPUT_MAYBE_NULL `inputs.maybe` may be missing, and `contain` needs it/);
    expect(given('inputs.people')).toMatch(/PARAMETER_TYPE `user` takes one user, and `inputs.people` is a list/);
    expect(given('inputs.on')).toMatch(/PARAMETER_TYPE `user` takes user, and `inputs.on` is boolean/);
    expect(given('inputs.maybe', 'when: inputs.maybe != null, ')).toBe('');
    expect(given('inputs.people[0]')).toBe('');
    expect(given("{'id': 'u1'}")).toBe('');
  });

  it('that comes back by another playbook is refused, whoever is asked first', () => {
    const others = { a: loop('a', 'b'), b: loop('b', 'c'), c: loop('c', 'a') };
    for (const [name, text] of Object.entries(others))
      expect({ name, told: told(text, others).join() }).toMatchObject({ told: expect.stringContaining('CALL_RECURSES') });
    expect(told(calling('{ call: a }'), others).join()).toContain('CALL_RECURSES');
  });

  it('of what has faults of its own names the file', () => {
    expect(told(calling('{ call: bad }'), { bad: `${head('bad')}steps: [{ do: nothing }]` }).join()).toContain(
      'CALL_BROKEN `bad` has faults of its own, the first at bad.yaml:5:15: there is no verb `nothing`',
    );
  });

  it.each([
    ['bad', `${head('bad')}steps: [{ do: nothing }]`, 'CALL_BROKEN'],
    ['p', '', 'CALL_RECURSES'],
    ['nobody', '', 'CALL_UNKNOWN'],
  ])('that cannot be made (of %s) is the one fault: nothing is said of its inputs and results', (name, text, code) => {
    const step = `{ id: c, call: ${name}, with: { user: eve }, default: { found: true } }\n  - { when: steps.c.found, stop: { outcome: found } }`;
    expect(read(calling(step), { bad: text }).diagnostics.map((one) => one.code)).toEqual([code]);
  });

  it('of what starts by alerts alone is refused', () => {
    const byAlert = `${head('by-alert', '[{ alert: { source: plain } }]')}steps: [{ undo: all }]`;
    expect(told(calling('{ call: by-alert }'), { 'by-alert': byAlert }).join()).toContain('CALL_ALERT');
  });

  it('doubling at each level ends at the bound of steps', () => {
    const level = (name: string, other: string) => `${head(name)}steps:\n${`  - call: ${other}\n`.repeat(30)}`;
    const others = { l1: level('l1', 'l2'), l2: level('l2', 'l3'), l3: level('l3', 'l4'), l4: `${head('l4')}steps: [{ set: { x: 1 } }]` };
    expect(told(calling('{ call: l1 }'), others).join()).toMatch(/CALL_BROKEN|STEP_TOO_MANY/);
  });

  it('an output cannot take the name of what every result has', () => {
    expect(told(callee.replace('outputs: { enabled', 'outputs: { outcome')).join()).toContain('OUTPUT_NAME');
  });
});
