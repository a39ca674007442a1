import { describe, expect, it } from '@jest/globals';
import { readPlaybook } from '../../language/parse.ts';
import type { Plan } from '../../language/plan.ts';
import { diffPlans } from '../../language/plan-diff.ts';

const BASE = `playbook: contain
title: Contain
owner: tests
inputs: { user: { type: user } }
triggers:
  - alert: { source: plain }
    with: { user: "\${{ alert.users[0] }}" }
  - manual: {}
steps:
  - id: disable
    approve: { by: { role: responder }, within: 15m }
    do: user.disable
    with: { user: "\${{ inputs.user }}" }
    hold: { for: 24h, then: ask }
  - id: verdict
    ask: { to: { role: analyst }, title: True?, choices: ["yes", "no"], within: 8h, else: "yes" }
  - when: steps.verdict.answer == 'no'
    undo: all
`;
const plan = (text: string): Plan => {
  const read = readPlaybook(text, 'playbook.yaml');
  if (!read.plan) throw new Error(JSON.stringify(read.diagnostics));
  return read.plan;
};
const changes = (...edits: readonly (readonly [string, string])[]) =>
  diffPlans(plan(BASE), plan(edits.reduce((text, [from, to]) => text.replace(from, to), BASE))).map(
    ({ change, about, says }) => `${change} ${about}: ${says}`,
  );

describe('the diff of two versions', () => {
  it('is empty where the same is done: notes, titles and comments change nothing', () => {
    expect(changes(['title: Contain', 'title: Contain it # a comment'], ['  - id: disable', '  - id: disable\n    note: first'])).toEqual(
      [],
    );
  });

  it.each([
    [
      'an approval that is gone',
      ['    approve: { by: { role: responder }, within: 15m }\n', ''],
      /^changed effect: Disable .*approved by .*15 minutes.* → nothing said$/,
    ],
    [
      'a hold that now ends by itself',
      ['then: ask', 'then: release'],
      /^changed effect: Disable .*people are asked → held for .*, then released by itself$/,
    ],
    ['another verb', ['do: user.disable', 'do: user.lookup'], /added read|removed effect/],
    ['silence that means something else', ['else: "yes"', 'else: "no"'], /^changed question: .*silence means yes → silence means no$/],
    ['a guard', ['  - id: disable', '  - id: disable\n    when: run.severity_id >= 4'], /^changed effect: .*nothing said → only when/],
    ['an undo that is gone', ["  - when: steps.verdict.answer == 'no'\n    undo: all\n", ''], /^removed undo: undo of everything/],
    ['a start', ['  - manual: {}\n', ''], /^removed start: When a person starts it by hand/],
    [
      'what a failure means',
      ['owner: tests', 'owner: tests\non_failure: undo'],
      /^changed end: when the run fails: what is contained stays → everything is undone$/,
    ],
  ] as const)('tells of %s', (_, edit, says) => {
    const text =
      edit[0] === 'do: user.disable'
        ? changes(edit, ['    hold: { for: 24h, then: ask }\n', ''], ['    approve: { by: { role: responder }, within: 15m }\n', ''])
        : changes(edit);
    expect(text.length).toBeGreaterThan(0);
    expect(text.some((line) => says.test(line))).toBe(true);
  });

  it('tells of a new effect wherever it stands, with its hold', () => {
    const told = changes([
      '  - id: verdict',
      '  - parallel:\n      - do: session.revoke\n        with: { user: "${{ inputs.user }}" }\n      - do: host.isolate\n        with: { host: wks-007 }\n        hold: until_released\n  - id: verdict',
    ]);
    expect(told.filter((line) => line.startsWith('added effect'))).toHaveLength(2);
    expect(told.join('\n')).toContain('held until people release it');
  });
});
