import { describe, expect, it } from '@jest/globals';
import { simulate } from '../../engine/simulation/simulate.ts';
import { libraryOf } from '../../language/library.ts';
import { readPlaybook } from '../../language/parse.ts';
import type { Plan } from '../../language/plan.ts';
import { ended, GIVEN, given, hear, hearAll, outcomes, start } from './plans.ts';

const head = (name: string) => `playbook: ${name}\ntitle: t\nowner: o\ntriggers: [{ manual: {} }]\n`;

function planOf(callee: string, caller: string): Plan {
  const texts = [{ file: 'callee.yaml', text: `${head('callee')}${callee}` }];
  const library = libraryOf(texts, (text, file, within) => readPlaybook(text, file, undefined, within));
  const { plan, diagnostics } = readPlaybook(`${head('caller')}${caller}`, 'caller.yaml', undefined, library);
  if (!plan) throw new Error(JSON.stringify(diagnostics));
  return plan;
}
const HOLD = 'hold: until_released';
const USER = 'inputs: { user: { type: user } }\n';
const OFF = `{ id: off, do: user.disable, with: { user: "\${{ inputs.user }}" }, ${HOLD} }`;
const CALL = 'steps:\n  - { id: c, call: callee, with: { user: eve } }\n';
const AFTER = '  - { id: after, do: user.lookup, with: { user: ada } }\n';

describe('a called playbook', () => {
  it('sees its own inputs, steps and variables, and gives its typed outputs', () => {
    const callee = `${USER}vars: { n: 1 }
outputs: { off: { type: boolean, value: "\${{ steps.off.enabled == false && vars.n == 2 }}" }, none: { type: text, optional: true, value: "\${{ null }}" } }
steps:
  - ${OFF}
  - { set: { n: "\${{ vars.n + 1 }}" } }
`;
    const caller = `vars: { n: 5 }\n${CALL}  - { id: after, when: steps.c.off && vars.n == 5 && steps.c.none == null, do: user.lookup, with: { user: ada } }\n`;
    const plan = planOf(callee, caller);
    const first = start(plan);
    expect(first.commands).toMatchObject([{ item: { key: 'c.off', params: { user: 'eve' } } }]);
    const next = hear(plan, first, ended('c.off', 'changed', { output: { enabled: false } }));
    expect(given(next)).toEqual(['perform after']);
    expect(next.state.results.c?.output).toEqual({ ended: 'completed', off: true, none: null });
  });

  it('in each turn of a loop has variables and steps of its own', () => {
    const callee = `${USER}vars: { seen: [] }
outputs: { seen: { type: text, list: true, value: "\${{ vars.seen }}" } }
steps:
  - ${OFF}
  - { set: { seen: "\${{ vars.seen + [inputs.user] }}" } }
`;
    const caller = `steps:
  - for_each: { u: "\${{ ['a', 'b'] }}" }
    max: 5
    at_once: 5
    steps:
      - { id: c, call: callee, with: { user: "\${{ u }}" } }
      - { do: user.lookup, when: "steps.c.seen == [u]", with: { user: "\${{ u }}" } }
`;
    const plan = planOf(callee, caller);
    const first = start(plan);
    expect(given(first)).toEqual(['perform c.off#0', 'perform c.off#1']);
    const last = hearAll(plan, first, [ended('c.off#1', 'changed'), ended('c.off#0', 'changed')]);
    expect(Object.keys(last.state.open).toSorted()).toEqual(['step-1-2#0', 'step-1-2#1']);
  });

  it('that fails makes the call fail; what it did stays, unless its own on_failure undoes it', () => {
    const callee = (more: string) => `${USER}${more}steps:\n  - ${OFF}\n  - { id: boom, do: user.lookup, with: { user: eve } }\n`;
    const kept = planOf(callee(''), CALL);
    const failed = hearAll(kept, start(kept), [ended('c.off', 'changed'), ended('c.boom', 'failed')]);
    expect(failed.finish).toMatchObject({ state: 'failed', error: { step: 'c.boom' } });
    const undone = planOf(
      callee('on_failure: undo\n'),
      `steps:\n  - { id: c, call: callee, with: { user: eve }, on_error: continue }\n${AFTER}`,
    );
    const undoing = hearAll(undone, start(undone), [ended('c.off', 'changed'), ended('c.boom', 'failed')]);
    expect(undoing.commands).toMatchObject([{ kind: 'undo', steps: ['c.off', 'c.boom'] }]);
    const after = hear(undone, undoing, ended('c#undo~', 'done'));
    expect(given(after)).toEqual(['perform after']);
    expect(outcomes(after)).toMatchObject({ c: 'failed' });
  });

  it('that is denied makes the call denied', () => {
    const plan = planOf(
      `${USER}steps:\n  - ${OFF}\n`,
      `steps:\n  - { id: c, call: callee, with: { user: eve }, on_denied: continue }\n${AFTER}`,
    );
    expect(given(hear(plan, start(plan), ended('c.off', 'denied')))).toEqual(['perform after']);
  });

  it('that stops ends itself alone, withdraws what it has under way, and its word is the result', () => {
    const callee = `${USER}steps:
  - parallel:
      - { id: slow, do: user.lookup, with: { user: eve } }
      - - { id: fast, do: user.lookup, with: { user: eve } }
        - stop: { outcome: enough }
  - { id: never, do: user.lookup, with: { user: eve } }
`;
    const plan = planOf(callee, `${CALL}  - { id: after, when: steps.c.ended == 'enough', do: user.lookup, with: { user: ada } }\n`);
    const stopping = hear(plan, start(plan), ended('c.fast', 'read'));
    expect(given(stopping)).toEqual(['cancel c.slow']);
    const after = hear(plan, stopping, ended('c.slow', 'cancelled'));
    expect(given(after)).toEqual(['perform after']);
    expect(outcomes(after)).toMatchObject({ c: 'done', 'c.never': 'skipped' });
  });

  it('whose inputs do not fit does nothing', () => {
    const plan = planOf(
      `${USER}steps:\n  - ${OFF}\n`,
      'vars: { u: "" }\nsteps:\n  - { id: c, call: callee, with: { user: "${{ vars.u }}" } }\n',
    );
    expect(start(plan)).toMatchObject({ commands: [], finish: { error: { code: 'CALL_INPUT' } } });
  });

  it('whose output does not fit its type fails', () => {
    const callee = `${USER}outputs: { n: { type: number, value: "\${{ get(inputs, 'user.id', inputs.user) }}" } }\nsteps:\n  - ${OFF}\n`;
    const plan = planOf(callee, CALL);
    expect(hear(plan, start(plan), ended('c.off', 'changed')).finish).toMatchObject({ error: { code: 'CALL_OUTPUT' } });
  });

  it('is covered by a decision around its call, and undone with the caller', () => {
    const callee = `${USER}steps:\n  - ${OFF}\n`;
    const caller = `steps:\n  - id: g\n    approve: { by: { role: responder } }\n    group: [{ id: c, call: callee, with: { user: eve } }]\n  - undo: g\n`;
    const plan = planOf(callee, caller);
    const asked = start(plan);
    expect(asked.commands).toMatchObject([{ kind: 'gate', items: [{ key: 'c.off' }] }]);
    const granted = hear(plan, asked, ended('g', 'answered'));
    expect(granted.commands).toMatchObject([{ gate: 'g', item: { key: 'c.off' } }]);
    expect(hear(plan, granted, ended('c.off', 'changed')).commands).toMatchObject([{ kind: 'undo', steps: ['g', 'c', 'c.off'] }]);
  });

  it('its own undo of all takes back its own alone', () => {
    const callee = `${USER}steps:\n  - ${OFF}\n  - undo: all\n`;
    const plan = planOf(
      callee,
      `steps:\n  - { id: mine, do: user.disable, with: { user: ada }, ${HOLD} }\n  - { id: c, call: callee, with: { user: eve } }\n`,
    );
    const run = simulate(plan, GIVEN, { answers: {}, people: [] });
    expect(run.undone).toMatchObject([{ step: 'c.off' }]);
    expect(run.held).toMatchObject([{ step: 'mine' }]);
  });
});
