// What is said of a slip, in the words of somebody who writes playbooks: none of the composer's, and none of the schema's.
import { describe, expect, it } from '@jest/globals';
import { readPlaybook } from '../../language/parse.ts';

const HEAD = 'playbook: a\ntitle: t\nowner: o\ntriggers: [{ manual: {} }]\n';
const step = (text: string): string => `steps:\n  - ${text}\n`;
const message = (to: string, text = 'hi'): string => step(`do: notify.message\n    with:\n      to: ${to}\n      text: ${text}`);
const inputs = (text: string): string => `inputs: { a: ${text} }\n${step('stop: { outcome: x }')}`;

/** What stands under the head, then place (line 5 is the first of it), code, message and hint of the first fault. */
const CASES: readonly (readonly [string, string])[] = [
  [message('@soc'), '8:11 YAML_SYNTAX text that begins with `@` must be in quotes = put the text in quotes: "@soc"'],
  [message('#soc'), '8:11 YAML_SYNTAX the value is missing: YAML takes `#soc` for a comment = put it in quotes: "#soc"'],
  [message('soc', 'ticket #5 was opened'), '9:13 YAML_COMMENT the text ends before `#5 was opened`, which YAML takes for a comment'],
  [step('{ do: notify.message, with: { to: #soc, text: hi } }'), 'YAML takes #soc for a comment: put it in quotes, "#soc"'],
  [message('soc', '"a\\d"'), '9:15 YAML_SYNTAX in double quotes `\\` begins an escape, and `\\d` is none = put the text in single quotes'],
  [message('soc', '"never closed'), '9:13 YAML_SYNTAX a quote is opened and not closed = close it at the end of the text'],
  [
    inputs('{ type: text, default: "" }'),
    '5:37 INPUT_TYPE the default of `a` is empty, which counts as nothing given = leave it out and say optional',
  ],
  [inputs('{ type: user, list: true, default: [] }'), '5:49 INPUT_TYPE the default of `a` is empty'],
  [
    step('ask: { to: { role: analyst }, title: t, choices: [true, false], within: 1h, else: a }'),
    '6:55 VALUE_TYPE item 1 of `choices` must be text = put it in quotes: "true"',
  ],
  [step('when: true\n    undo: all'), '6:11 VALUE_TYPE `when` is true in every run = leave it out'],
  [step('when: { a: b }\n    undo: all'), '6:11 VALUE_TYPE `when` must be an expression, written as text = put the expression in quotes'],
  [
    step('undo: all\n    on_error: ignore'),
    '7:15 VALUE_TYPE `on_error` must be stop, continue, undo or a list = What follows when it fails',
  ],
  [step('undo: 5'), '6:11 VALUE_TYPE `undo` must be text or a list = put it in quotes: "5"'],
  [step('do: user.lookup\n    with: { user: e }\n    retry: { attempts: 100 }'), '8:24 VALUE_INVALID `attempts` must be at most 20'],
  [step('do: user.lookup\n    with: { user: e }\n    retry: { attempts: 0 }'), '8:24 VALUE_INVALID `attempts` must be at least 1'],
  [`inputs: [user]\n${step('undo: all')}`, '5:9 VALUE_TYPE `inputs` must be a map = such as inputs: { user: { type: user } }'],
  [`inputs: { user: user }\n${step('undo: all')}`, '5:17 VALUE_TYPE `user` must be a map = such as user: { type: user }'],
  [inputs('{ type: string }'), '5:22 VALUE_UNKNOWN `type` must be user, host'],
  [inputs('{ type: string }'), 'did you mean `text`?'],
  ['steps:\n  do: user.lookup', '6:3 VALUE_TYPE `steps` must be a list = each step begins with a dash'],
  [step('do: user.lookup\n    user: eve'), '7:5 KEY_UNKNOWN `user` is not known here = a parameter stands under `with`'],
  [step('do: session.revoke\n    with: { user: e }\n    approve: { role: responder }'), 'KEY_MISSING `by` is missing'],
  [step('undo: all\n    approve: true'), 'KEY_UNKNOWN `approve` is not known here'],
  [step('do: user.lookup\n    with: { user: e }\n    timeout: 30'), '8:14 VALUE_TYPE `timeout` must be text = such as timeout: 30s'],
  [
    step('for_each: "${{ [1] }}"\n    do: user.lookup\n    with: { user: e }'),
    'STEP_KIND the step says `do` and `for_each`; a step does one thing = what is done in each turn',
  ],
  [step('wait: { for: 5m }'), 'KEY_MISSING `until` is missing'],
  [step('sleep: 5m'), '6:5 STEP_KIND the step does not say what to do = such as: - wait: 5m'],
  [step('when: run.id === run.url\n    undo: all'), 'EXPRESSION_SYNTAX the expression cannot be read from `=== run.url` on = equal is =='],
  [step('when: "{{ run.id == run.url }}"\n    undo: all'), 'write it without {{ }}'],
  [step('when: $run.id == run.url\n    undo: all'), 'names have no $ before them'],
  [step('stop'), '6:5 VALUE_TYPE a step must be a map = such as: - stop: { outcome: done }'],
  [
    step("when: answer == 'yes'\n    undo: all"),
    '6:11 NAME_UNKNOWN `answer` is not known here = a result is read from its step: steps.<id>.answer',
  ],
  [
    step("id: rep\n    do: ip.reputation\n    with: { ip: 192.0.2.1 }\n  - when: steps.rep.verdict == 'Malicious'\n    undo: all"),
    '9:29 CHOICE_UNKNOWN `steps.rep.verdict` is never `Malicious` = did you mean `malicious`?',
  ],
  [`# ${'x'.repeat(1_100_000)}`, '1:1 FILE_TOO_LARGE the file is longer than 262144 characters, and no longer ones are read'],
];

it.each([
  ['webhook: {}', 'alerts come by webhook'],
  ['cron: "0 8 * * *"', 'such as: - schedule: { cron: "0 8 * * *" }'],
  ['schedule: "0 8 * * *"', 'such as schedule: { cron: "0 8 * * *" }'],
  ['alert: { source: plain, severity: high }', 'did you mean `min_severity`?'],
])('a trigger of another product is told how it is written: %s', (trigger, hint) => {
  const { diagnostics } = readPlaybook(`playbook: a\ntitle: t\nowner: o\ntriggers: [{ ${trigger} }]\n${step('undo: all')}`, 'p.yaml');
  expect(diagnostics.map((one) => one.hint)).toContainEqual(expect.stringContaining(hint));
});

describe('a slip', () => {
  it.each(CASES.map(([text, expected]) => [expected, text] as const))('%s', (expected, text) => {
    const [first] = readPlaybook(HEAD + text, 'p.yaml').diagnostics;
    expect(`${first?.line}:${first?.column} ${first?.code} ${first?.message} = ${first?.hint}`).toContain(expected);
  });

  it('a comment with a blank behind its sign is a comment', () => {
    const text = `${HEAD}${message('soc # the team', 'One two # three').replace('do: notify.message', 'do: notify.message #send')}`;
    expect(readPlaybook(text, 'p.yaml').diagnostics).toEqual([]);
  });

  it('an empty default of an optional input is what it says', () => {
    expect(readPlaybook(HEAD + inputs('{ type: text, default: "", optional: true }'), 'p.yaml').diagnostics).toEqual([]);
  });
});
