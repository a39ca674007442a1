import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readScenario } from '../../language/scenario.ts';

const NAMES = {
  reputation: { kind: 'do', verb: 'ip.reputation' },
  contain: { kind: 'group' },
  disable: { kind: 'do', verb: 'user.disable' },
  ticket: { kind: 'do', verb: 'ticket.open' },
  verdict: { kind: 'ask' },
  wipe: { kind: 'do', verb: 'session.revoke', loops: [{ id: 'each', max: 5 }, { id: 'again' }] },
};
const read = (text: string) => readScenario(text, 's.yaml', NAMES);
/** "line:column code message · hint" */
const faults = (text: string) =>
  read(text).diagnostics.map(
    (one) => `${one.line}:${one.column} ${one.code} ${one.message}${one.hint === undefined ? '' : ` · ${one.hint}`}`,
  );

describe('a scenario file', () => {
  it('is read with its short forms', () => {
    const text = `
scenario: A false positive
alert: travel
answers:
  ip.reputation: { score: 12 }
  disable: { outcome: unverified, takes: 30s, fails: 1, error: no answer, undo: fails }
people:
  - { approve: contain, after: 2m, by: Ann }
  - { answer: verdict, with: yes, at: 1h }
  - { cancel: run, at: 2h }
expect:
  - reputation
  - contain: asked
  - { disable: unverified, at: 0s }
outcome: completed
undone: []
held: [disable]
never: [host.isolate]
`;
    expect(read(text).diagnostics).toEqual([]);
    expect(read(text).scenario).toMatchObject({
      title: 'A false positive',
      alert: 'travel',
      answers: {
        'ip.reputation': { output: { score: 12 }, fails: 0, takesMs: 0, undo: 'works' },
        disable: { outcome: 'unverified', output: {}, fails: 1, takesMs: 30_000, error: 'no answer', undo: 'fails' },
      },
      people: [
        { does: 'approve', step: 'contain', afterMs: 120_000, by: 'Ann' },
        { does: 'answer', step: 'verdict', with: 'yes', atMs: 3_600_000, by: 'a person', anybody: true },
        { does: 'cancel', step: 'run', atMs: 7_200_000, by: 'a person', anybody: true },
      ],
      expect: [
        { step: 'reputation', place: { line: 12, column: 5 } },
        { step: 'contain', what: 'asked' },
        { step: 'disable', what: 'unverified', atMs: 0 },
      ],
      outcome: 'completed',
      undone: [],
      held: [{ name: 'disable', place: { line: 17, column: 8 } }],
      never: [{ name: 'host.isolate' }],
      places: { outcome: { line: 15, column: 1 }, held: { line: 17, column: 1 } },
    });
  });

  it.each([
    ['nothing that starts it', 'scenario: x\noutcome: completed', 'must have one of `alert`, `inputs` and `schedule`'],
    ['two starts', 'scenario: x\nalert: travel\ninputs: {}\noutcome: completed', 'must have one of `alert`, `inputs` and `schedule`'],
    ['no expectation: it could not fail', 'scenario: x\nalert: travel', 'expects nothing'],
    ['a step that does not exist', 'scenario: x\nalert: travel\nexpect: [disble]', 'did you mean `disable`?'],
    ['a moment that does not exist', 'scenario: x\nalert: travel\nexpect: [{ disable: chnged }]', 'did you mean `changed`?'],
    ['a key that does not exist', 'scenario: x\nalert: travel\nexpects: [disable]', 'did you mean `expect`?'],
    [
      'an output that the verb does not have',
      'scenario: x\nalert: travel\nanswers: { reputation: { scor: 1 } }\nexpect: [disable]',
      'did you mean `score`?',
    ],
    [
      'an output misspelt as an outcome',
      'scenario: x\nalert: travel\nanswers: { disable: { outcom: failed } }\nexpect: [disable]',
      'is no output of the verb',
    ],
    ['a verb that does not exist', 'scenario: x\nalert: travel\nnever: [host.isolat]', 'did you mean `host.isolate`?'],
    [
      'a decision that is two',
      'scenario: x\nalert: travel\npeople: [{ approve: contain, deny: contain }]\nexpect: [disable]',
      'must have one of approve',
    ],
    [
      'an answer without words',
      'scenario: x\nalert: travel\npeople: [{ answer: verdict }]\nexpect: [disable]',
      'must have `with` beside `answer`',
    ],
    [
      'two times',
      'scenario: x\nalert: travel\npeople: [{ approve: contain, at: 1m, after: 1m }]\nexpect: [disable]',
      'must have `at` or `after`, not both',
    ],
    ['a time that is none', 'scenario: x\nalert: travel\nexpect: [{ disable: changed, at: 2 minutes }]', 'must have a time such as'],
    [
      'an effect of two steps',
      'scenario: x\nalert: travel\nexpect: [{ disable: changed, reputation: read }]',
      'each step has a line of its own',
    ],
    ['a key beside a step that is none', 'scenario: x\nalert: travel\nexpect: [{ disable: changed, onn: eve }]', 'did you mean `on`?'],
    [
      'a target of a step that does nothing',
      'scenario: x\nalert: travel\nexpect: [{ contain: done, on: eve }]',
      '`on` says nothing of a step that does nothing to anything',
    ],
    [
      'a target of a verb that has none',
      'scenario: x\nalert: travel\nexpect: [{ ticket: changed, on: eve }]',
      '`ticket.open` acts on nothing that has a name · say what it is given: with: { title: … }',
    ],
    [
      'a target among the parameters',
      'scenario: x\nalert: travel\nexpect: [{ disable: changed, with: { user: eve } }]',
      '`user` is what `user.disable` acts on',
    ],
    [
      'a parameter that does not exist',
      'scenario: x\nalert: travel\nexpect: [{ ticket: changed, with: { titel: x } }]',
      'did you mean `title`?',
    ],
    [
      'a parameter of another type',
      'scenario: x\nalert: travel\nexpect: [{ ticket: changed, with: { title: 5 } }]',
      '`title` is a text: put it in quotes',
    ],
    [
      'a severity that is none',
      'scenario: x\nalert: travel\nexpect: [{ ticket: changed, with: { severity: hihg } }]',
      'did you mean `high`?',
    ],
    ['a target that is a number', 'scenario: x\nalert: travel\nexpect: [{ disable: changed, on: 7 }]', 'put it in quotes: "7"'],
    ['a held effect of no step', 'scenario: x\nalert: travel\nheld: [{ step: disble, on: eve }]', 'did you mean `disable`?'],
    ['a held effect by its verb', 'scenario: x\nalert: travel\nheld: [{ verb: user.disable }]', '`verb` is not known here'],
    ['an unwanted effect of nothing', 'scenario: x\nalert: travel\nnever: [{ on: eve }]', 'must have `step` or `verb`'],
    ['an unwanted verb that does not exist', 'scenario: x\nalert: travel\nnever: [{ verb: user.disble }]', 'did you mean `user.disable`?'],
    [
      'who is asked of what asks nobody',
      'scenario: x\nalert: travel\nexpect: [{ disable: changed, to: { role: x } }]',
      '`to` says nothing of changed',
    ],
    ['nobody who is asked', 'scenario: x\nalert: travel\nexpect: [{ contain: asked, to: {} }]', 'must have one of role, group'],
    ['a title of no question', 'scenario: x\nalert: travel\nexpect: [{ contain: asked, title: Why? }]', '`contain` is no question'],
    ['an approval of no step', 'scenario: x\nalert: travel\nexpect: [{ contain: asked, covers: [disble] }]', 'did you mean `disable`?'],
    ['an approval about nothing', 'scenario: x\nalert: travel\nexpect: [{ contain: asked, covers: [] }]', 'is empty, and so says nothing'],
    ['effects of a question', 'scenario: x\nalert: travel\nexpect: [{ verdict: asked, covers: [disable] }]', 'is a question'],
    [
      'effects of one effect',
      'scenario: x\nalert: travel\nexpect: [{ disable: asked, covers: [disable] }]',
      'is asked about by itself · say beside `asked` on whom',
    ],
    ['an approval of what only reads', 'scenario: x\nalert: travel\nexpect: [{ contain: asked, covers: [reputation] }]', 'only reads'],
    ['no target at all', 'scenario: x\nalert: travel\nexpect: [{ disable: changed, on: {} }]', 'an empty map, which anything fits'],
    ['no parameters at all', 'scenario: x\nalert: travel\nexpect: [{ disable: changed, with: {} }]', 'an empty map, which anything fits'],
    ['an empty map inside', 'scenario: x\nalert: travel\nheld: [{ step: disable, on: { a: [{}] } }]', 'an empty map, which anything fits'],
    ['a text that fits any', 'scenario: x\nalert: travel\nexpect: [{ ticket: changed, with: { title: "**" } }]', 'fits whatever it is'],
    ['a title that fits any', 'scenario: x\nalert: travel\nexpect: [{ verdict: asked, title: "*" }]', 'fits any title'],
    ['an empty list', 'scenario: x\nalert: travel\noutcome: completed\nnever: []', '`never` is empty, and so says nothing'],
    ['no expectation in a list', 'scenario: x\nalert: travel\noutcome: completed\nexpect: []', '`expect` is empty'],
    [
      'a turn outside loops',
      'scenario: x\nalert: travel\nnever: ["disable#1"]',
      '`disable` stands in no loop: it has no turns · write it as disable',
    ],
    ['a turn of one of two loops', 'scenario: x\nalert: travel\nnever: ["wipe#1"]', '`wipe` stands in 2 loops · count the turns of each'],
    ['a turn beyond the last', 'scenario: x\nalert: travel\nnever: [{ step: "wipe#5#0" }]', 'the loop each has at most 5 turns'],
    [
      'a turn beyond the last, expected',
      'scenario: x\nalert: travel\nexpect: [{ "wipe#7#0": changed }]',
      'the loop each has at most 5 turns',
    ],
    ['an answer in no turn', 'scenario: x\nalert: travel\nanswers: { "disable#1": {} }\nexpect: [disable]', 'stands in no loop'],
    [
      'a group that is never sent',
      'scenario: x\nalert: travel\nnever: [contain]',
      '`contain` sends nothing to any product by itself · name the `do` steps inside',
    ],
    ['a question that is held', 'scenario: x\nalert: travel\nheld: [verdict]', '`verdict` sends nothing to any product'],
    ['what cannot be held', 'scenario: x\nalert: travel\nheld: [ticket]', '`ticket.open` leaves nothing behind'],
    ['what cannot be taken back', 'scenario: x\nalert: travel\nundone: [{ step: ticket }]', '`ticket.open` leaves nothing behind'],
    ...['expect: [disable]', 'held: []', 'undone: []', 'never: [user.disable]', 'people: []'].map(
      (line) =>
        [
          `${line} where nothing starts`,
          `scenario: x\nalert: travel\noutcome: not-started\n${line}`,
          `\`${line.split(':')[0]}\` says nothing of a run that does not start`,
        ] as const,
    ),
    ['a name of Object', 'scenario: x\nalert: travel\nanswers: { constructor: {} }\nexpect: [disable]', 'is no step of the playbook'],
  ])('with %s is refused with its place', (_, text, words) => {
    expect(read(text).scenario).toBeUndefined();
    expect(faults(text).join('\n')).toContain(words);
    expect(read(text).diagnostics.every((one) => one.line >= 1 && one.column >= 1)).toBe(true);
  });

  it('says on whom and with what, in its long forms', () => {
    const text = `
scenario: The right one
alert: travel
expect:
  - { contain: asked, to: { role: responder, count: 2 }, covers: [{ step: disable, on: user-007 }] }
  - { disable: changed, on: { id: user-007 }, at: 2m }
  - { ticket: changed, with: { title: "*Eve*", severity: high, body: null } }
  - { verdict: asked, to: { role: analyst }, title: "Is it*" }
undone: []
held: [{ step: disable, on: user-007 }]
never: [{ verb: user.disable, on: user-008 }, { step: "wipe#1#7" }]
`;
    expect(read(text).diagnostics).toEqual([]);
    expect(read(text).scenario).toMatchObject({
      expect: [
        { step: 'contain', what: 'asked', to: { role: 'responder', count: 2 }, covers: [{ name: 'disable', on: 'user-007' }] },
        { step: 'disable', what: 'changed', on: { id: 'user-007' }, atMs: 120_000 },
        { step: 'ticket', with: { title: '*Eve*', severity: 'high', body: null } },
        { step: 'verdict', to: { role: 'analyst' }, title: 'Is it*' },
      ],
      held: [{ name: 'disable', on: 'user-007', place: { line: 10, column: 8 } }],
      never: [
        { name: 'user.disable', on: 'user-008' },
        {
          name: 'wipe#1#7',
          turns: [
            { loop: 'each', turn: 1 },
            { loop: 'again#1', turn: 7 },
          ],
        },
      ],
    });
  });

  it('points at the line of the fault', () => {
    expect(faults('scenario: x\nalert: travel\nexpect:\n  - reputation\n  - disble\n')).toEqual([
      '5:5 VALUE_UNKNOWN `disble` is no step of the playbook · did you mean `disable`?',
    ]);
  });

  it('never throws, whatever the text', () => {
    const pieces = fc.constantFrom(
      'scenario: x\n',
      'alert: travel\n',
      'expect:\n',
      '  - ',
      'disable',
      '{ disable: changed, on: ',
      'with: { user: ',
      'covers: [',
      'held: [{ step: disable, on: ',
      ': ',
      'answers:\n',
      '{',
      '}',
      '[',
      ']',
      '&a ',
      '*a',
      '!x ',
      '"',
      '\n',
      '  ',
      'people: [{ approve: contain }]\n',
      '<<: ',
      '__proto__: 1\n',
      '\u0000',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        const { scenario, diagnostics } = read(parts.join(''));
        expect(scenario === undefined).toBe(diagnostics.length > 0);
      }),
      { numRuns: 500 },
    );
  });
});
