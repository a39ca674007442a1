import { readdirSync, readFileSync } from 'node:fs';
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

const WIDE = `playbook: wide
title: Wide
owner: tests
inputs: { user: { type: user }, users: { type: user, list: true }, n: { type: number, default: 1 } }
vars: { who: "#soc", limit: 5 }
triggers:
  - alert: { source: [plain] }
    when: size(alert.users) == 2
    with: { user: "\${{ alert.users[0] }}", users: "\${{ alert.users }}" }
    dedupe: { by: "\${{ id_of(inputs.user) }}", within: 4h }
steps:
  - set: { limit: 80 }
  - id: rep
    do: user.lookup
    with: { user: "\${{ inputs.user }}" }
  - if: steps.rep.sessions > vars.limit
    then:
      - id: dis
        do: user.disable
        with: { user: "\${{ inputs.user }}" }
        hold: until_released
    else:
      - id: tell
        do: notify.message
        with: { to: "\${{ vars.who }}", text: fine }
  - id: pause
    wait: 1h
  - id: lp
    for_each: { u: "\${{ inputs.users }}" }
    max: 5
    approve: { by: { role: responder } }
    steps:
      - id: rv
        do: session.revoke
        with: { user: "\${{ u }}" }
  - id: send
    do: http.send
    with: { path: /a, method: POST }
  - id: last
    do: host.isolate
    with: { host: wks-007 }
    hold: until_released
    timeout: 30s
    retry: { attempts: 2 }
`;

describe('the diff of what is around and in an effect', () => {
  const told = (...edits: readonly (readonly [string, string])[]): string => {
    const text = edits.reduce((now, [from, to]) => now.replace(from, () => to), WIDE);
    return diffPlans(plan(WIDE), plan(text))
      .map(({ change, about, says }) => `${change} ${about}: ${says}`)
      .join('\n');
  };

  it.each<[string, readonly (readonly [string, string])[], RegExp]>([
    ['whom a start fills in', [['alert.users[0]', 'alert.users[1]']], /changed start: .*users\[0\].* → .*users\[1\]/],
    ['when a start fits', [['== 2', '> 0']], /added start: .*the alert has some users/],
    ['what joins a run', [['within: 4h', 'within: 90d']], /added start: .*within 90 days/],
    [
      'then and else',
      [
        ['    then:', '    ELSE:'],
        ['    else:', '    then:'],
        ['    ELSE:', '    else:'],
      ],
      /Disable .*: if it is so that .* → if it is not so that/,
    ],
    [
      'the condition around',
      [['steps.rep.sessions > vars.limit', 'steps.rep.sessions >= 0']],
      /changed effect: .*Disable .*limit → .*at least 0/,
    ],
    ['what a variable is set to', [['limit: 80', 'limit: -1']], /changed variable: set of limit: limit: 80 → limit: -1/],
    [
      'what a variable is at first',
      [['"#soc"', '"evil@attacker.example"']],
      /changed variable: variable who: .*#soc.* → .*evil@attacker\.example/,
    ],
    ['how long it waits', [['wait: 1h', 'wait: 300d']], /changed wait: wait pause: for 1 hour → for 300 days/],
    ['how many turns', [['max: 5', 'max: 1000']], /changed effect: .*at most 5.* → .*at most 1000/],
    [
      'over what it loops',
      [['{ u: "${{ inputs.users }}"', '{ u: "${{ inputs.users + [inputs.user] }}"']],
      /changed effect: .*for each u of .* → for each u of .*plus/,
    ],
    ['an approval of a loop', [['    approve: { by: { role: responder } }\n', '']], /removed approval: one decision over lp, approved by/],
    ['a default', [['default: 1', 'default: 99']], /changed input: input n: otherwise 1 → otherwise 99/],
    [
      'how often and how long',
      [
        ['timeout: 30s', 'timeout: 9m'],
        ['attempts: 2', 'attempts: 9'],
      ],
      /2 times → tried 9 times[\s\S]*30 seconds → given up after 9 minutes/,
    ],
    ['a text', [['text: fine', 'text: "LEAK ${{ inputs.user }}"']], /changed effect: .*text: fine → text: LEAK/],
    [
      'to whom a message goes',
      [['to: "${{ vars.who }}"', 'to: "evil@attacker.example"']],
      /changed effect: .*to: .* → to: evil@attacker\.example/,
    ],
    ['a path', [['path: /a', 'path: /b/delete']], /changed effect: .*path: \/a → path: \/b\/delete/],
    ['a target', [['with: { host: wks-007 }', 'with: { host: dc-001 }']], /changed effect: .*on wks-007 → on dc-001/],
    [
      'a condition as it is written, where the words leave out its end',
      [['steps.rep.sessions > vars.limit', `"steps.rep.sessions > vars.limit ? ${'true && '.repeat(40)}true : false"`]],
      /true : false/,
    ],
  ])('tells of %s', (_, edits, says) => expect(told(...edits)).toMatch(says));

  it('tells of an effect that is moved out of its condition', () => {
    const effect =
      '      - id: dis\n        do: user.disable\n        with: { user: "${{ inputs.user }}" }\n        hold: until_released\n';
    const moved = effect.replace(/^ {4}/gm, '');
    expect(told([effect, '      - set: { limit: 1 }\n'], ['  - id: pause', `${moved}  - id: pause`])).toMatch(
      /changed effect: Disable .*: if it is so that .* → in any case/,
    );
  });

  it('tells of another order', () => {
    const wait = '  - id: pause\n    wait: 1h\n';
    expect(told([wait, ''], ['  - id: last', `${wait}  - id: last`])).toMatch(
      /changed order: one after the other: wait pause; .* → .*wait pause/,
    );
  });

  it('never says that nothing changes where it has no words', () => {
    const base = plan(WIDE);
    const other = { ...base, steps: base.steps.map((step) => ({ ...step, unheardOf: true })) };
    expect(diffPlans(base, other)).toEqual([
      { change: 'changed', about: 'playbook', says: expect.stringMatching(/no words for: steps\[0\]\.unheardOf, steps\[1\]\.unheardOf/) },
    ]);
  });
});

describe('the diff of the shipped playbooks', () => {
  const ROOT = new URL('../../playbooks/', import.meta.url);
  const plans = readdirSync(ROOT).flatMap(
    (name) => readPlaybook(readFileSync(new URL(`${name}/playbook.yaml`, ROOT), 'utf8'), name).plan ?? [],
  );
  // Places, texts for people, and the tags that say what a thing is.
  const APART = /^(?:format|title|description)$|(?:^|\.)(?:line|note|named|kind)$|^(?:inputs|outputs)\.[^.]+\.description$/;

  it('has a line for any leaf that is another', () => {
    expect(plans.length).toBeGreaterThan(10);
    // One of each place: indexes and free names are alike.
    const tried = new Set<string>();
    const silent: string[] = [];
    for (const one of plans)
      for (const { path, mutated } of mutations(one)) {
        const place = path
          .replace(/\.\d+/g, '[]')
          .replace(/^(inputs|vars|labels|outputs)\.[^.]+/, '$1.*')
          .replace(/with\.[^.]+/, 'with.*');
        if (APART.test(path) || tried.has(place)) continue;
        tried.add(place);
        if (diffPlans(one, mutated).length === 0) silent.push(`${one.playbook}: ${path}`);
      }
    expect(tried.size).toBeGreaterThan(100);
    expect(silent).toEqual([]);
  });
});

/** The plan with one leaf that is another, for each leaf; ids that are made from places are no leaves. */
function* mutations(of: Plan): Generator<{ readonly path: string; readonly mutated: Plan }> {
  for (const path of leaves(of, [])) {
    const mutated: Plan = JSON.parse(JSON.stringify(of));
    // A plan is JSON: whatever a path of it leads through has members.
    let at = mutated as unknown as Record<string, unknown>;
    for (const name of path.slice(0, -1)) at = at[name] as Record<string, unknown>;
    const last = path.at(-1) ?? '';
    const value = at[last];
    if (last === 'id' && at.named === false) continue;
    // What is `all` by name is a list otherwise.
    at[last] = last === 'scope' ? [] : typeof value === 'number' ? value + 1 : typeof value === 'boolean' ? !value : `${String(value)}x`;
    yield { path: path.join('.'), mutated };
  }
}

function* leaves(value: unknown, path: readonly string[]): Generator<readonly string[]> {
  if (typeof value !== 'object' || value === null) yield path;
  else for (const [name, member] of Object.entries(value)) yield* leaves(member, [...path, name]);
}
