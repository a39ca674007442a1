// On whom, with what, and who was asked: what a scenario says of it is compared, and what differs is told nearest first.
import { describe, expect, it } from '@jest/globals';
import { compare } from '../../engine/simulation/compare.ts';
import { fits } from '../../engine/simulation/differences.ts';
import { namesOf } from '../../engine/simulation/outline.ts';
import { simulate } from '../../engine/simulation/simulate.ts';
import { readPlaybook } from '../../language/parse.ts';
import { readScenario } from '../../language/scenario.ts';
import { GIVEN } from './plans.ts';

const { plan, diagnostics } = readPlaybook(
  `playbook: p
title: t
owner: o
inputs: { users: { type: user, list: true }, host: { type: host } }
triggers: [manual: {}]
steps:
  - id: contain
    approve: { by: { role: responder, count: 2 }, within: 1h, escalate: { after: 10m, to: { oncall: lead } } }
    for_each: { user: "\${{ inputs.users }}" }
    max: 20
    steps:
      - { id: off, do: user.disable, with: { user: "\${{ user }}" }, hold: until_released }
  - { id: cut, do: host.isolate, with: { host: "\${{ inputs.host }}" }, hold: until_released, approve: { by: { role: admin }, within: 1h } }
  - { id: ticket, do: ticket.open, with: { title: "Two of \${{ size(inputs.users) }}", severity: high } }
  - id: verdict
    ask: { to: { group: owners }, title: "Is \${{ name_of(inputs.host) }} yours?", choices: ["yes", "no"], within: 8h, else: "yes" }
`,
  'p.yaml',
);
if (!plan) throw new Error(JSON.stringify(diagnostics));

const EVE = { id: 'user-007', name: 'Eve Adams', email: 'eve.adams@example.test' };
const BEN = { id: 'user-008', name: 'Ben Baker', email: 'ben.baker@example.test' };
const people =
  'people: [{ approve: contain, after: 20m, by: Ann }, { approve: contain, after: 20m, by: Cleo }, { approve: cut, by: Ann }]\n';

/** What is not as the scenario says, each as "line:column words". */
function faults(expectations: string): readonly string[] {
  if (!plan) return [];
  const reading = readScenario(`scenario: x\ninputs: {}\n${people}${expectations}`, 's.yaml', namesOf(plan));
  if (!reading.scenario) throw new Error(JSON.stringify(reading.diagnostics));
  const given = { ...GIVEN, inputs: { users: [EVE, BEN], host: { name: 'wks-007' } } };
  const { faults: found } = compare(reading.scenario, simulate(plan, given, reading.scenario));
  return found.map(({ message, place }) => `${place?.line}:${place?.column} ${message}`);
}

describe('on whom', () => {
  it.each([
    ['its id', 'user-007'],
    ['its name', 'Eve Adams'],
    ['its address', 'eve.adams@example.test'],
    ['some of its members', '{ name: Eve Adams, id: user-007 }'],
  ])('a thing is told by %s', (_, on) => {
    expect(faults(`expect: [{ "off#0": changed, on: ${on} }]`)).toEqual([]);
  });

  it('an effect on another is missing, with what it was instead and where it is expected', () => {
    expect(faults('expect:\n  - { cut: changed, on: wks-008 }\n')).toEqual(['5:5 expected: cut changed on wks-008; it was on wks-007']);
    expect(faults('expect: [{ off: changed, on: user-009 }]')).toEqual([
      '4:10 expected: off changed on user-009; it was on Eve Adams (eve.adams@example.test); on Ben Baker (ben.baker@example.test)',
    ]);
  });

  it.each(['Eve', 'user-00', 'EVE ADAMS', '{ id: user-007, name: Eve }', '"*"'])('is exact: %s is not her', (on) => {
    expect(faults(`expect: [{ "off#0": changed, on: ${on} }]`)).toHaveLength(1);
  });

  it('is whole: a step that acts on one more is a fault, unless nothing is said of its targets', () => {
    expect(faults('expect: [{ off: changed, on: user-007 }]')).toEqual([
      '4:10 off was sent on Ben Baker (ben.baker@example.test), too, and no line of `expect` says so',
    ]);
    expect(faults('expect: [{ off: changed, on: user-007 }, { off: changed, on: user-008 }]')).toEqual([]);
    expect(faults('expect: [{ off: changed, on: user-007 }, off]')).toEqual([]);
    expect(faults('expect: [{ "off#0": changed, on: user-007 }]')).toEqual([]);
  });

  it('what is held is held on these and no others', () => {
    expect(faults('held: [{ step: off, on: user-007 }, { step: off, on: user-008 }, { step: cut, on: wks-007 }]')).toEqual([]);
    expect(faults('held: [off, cut]')).toEqual([]);
    expect(faults('held: [{ step: off, on: user-007 }, { step: cut, on: wks-008 }]')).toEqual([
      '4:37 cut on wks-008 is not still held at the end; it is on wks-007',
      '4:1 off on Ben Baker (ben.baker@example.test) is still held at the end, and should not be',
      '4:1 cut on wks-007 is still held at the end, and should not be',
    ]);
  });

  it('what must never be sent is so for this target alone', () => {
    expect(faults('never: [{ verb: user.disable, on: user-009 }]')).toEqual([]);
    expect(faults('never: [{ verb: user.disable, on: user-008 }]')).toEqual([
      '4:9 user.disable was sent by step off on Ben Baker (ben.baker@example.test), and user.disable on user-008 must never be',
    ]);
  });
});

it('that nothing is sent in a turn which the loop does not have is no expectation', () => {
  expect(faults('never: ["off#7"]')).toEqual(['4:9 never: off#7 says nothing: contain had 2 turns here, and they are counted from 0']);
  expect(faults('never: ["off#1"]')).toEqual([
    '4:9 user.disable was sent by step off on Ben Baker (ben.baker@example.test), and off#1 must never be',
  ]);
  expect(faults('never: [{ step: "off#1", on: user-007 }]')).toEqual([]);
});

describe('with what', () => {
  it('compares the parameters that are written, and no others', () => {
    expect(faults('expect: [{ ticket: changed, with: { title: Two of 2 } }, { verdict: answered }]')).toEqual([]);
    expect(faults('expect: [{ ticket: changed, with: { title: "Two*", severity: high, body: null } }]')).toEqual([]);
  });

  it('tells each parameter that is otherwise', () => {
    expect(faults('expect: [{ ticket: changed, with: { title: Three*, severity: low } }]')).toEqual([
      '4:10 expected: ticket changed with title "Three*" with severity "low"; it was with title "Two of 2", with severity "high"',
    ]);
    expect(faults('expect: [{ ticket: changed, with: { body: x } }]')).toEqual([
      '4:10 expected: ticket changed with body "x"; it was with body not given',
    ]);
  });

  it.each([
    ['*', '', true],
    ['a*', 'a', true],
    ['a*c', 'abc', true],
    ['a*a', 'a', false],
    ['*b*b*', 'ab', false],
    ['*b*b*', 'abab', true],
    ['abc', 'abcd', false],
    ['a*b*c', 'a-b-c-d', false],
    [`${'*a'.repeat(2000)}b`, 'a'.repeat(20_000), false],
  ])('%.20s fits %.20s: %s', (pattern, text, isSo) => {
    expect(fits(pattern, text)).toBe(isSo);
  });
});

describe('who is asked', () => {
  it('and about what', () => {
    const lines = [
      '{ contain: asked, to: { role: responder, count: 2 }, covers: [{ step: off, on: user-008 }, { step: off, on: user-007 }] }',
      '{ contain: escalated, to: { oncall: lead }, at: 10m }',
      '{ cut: asked, to: { role: admin }, on: wks-007 }',
      '{ verdict: asked, to: { group: owners }, title: "*wks-007 yours?" }',
    ];
    expect(faults(`expect: [${lines.join(', ')}]`)).toEqual([]);
  });

  it.each([
    ['{ contain: asked, to: { role: analyst, count: 1 } }', 'it was to.role "responder", to.count 2'],
    ['{ contain: escalated, to: { oncall: boss } }', 'it was to.oncall "lead"'],
    ['{ contain: asked, covers: [{ step: off, on: user-009 }, off] }', 'it was not about off on user-009'],
    ['{ contain: asked, covers: [{ step: off, on: user-007 }] }', 'it was also about off on Ben Baker (ben.baker@example.test)'],
    ['{ cut: asked, on: wks-008 }', 'it was on wks-007'],
    ['{ verdict: asked, title: Whose? }', 'it was title "Is wks-007 yours?"'],
  ])('%s is told with what it was', (line, words) => {
    expect(faults(`expect: [${line}]`)).toEqual([expect.stringContaining(words)]);
  });
});
