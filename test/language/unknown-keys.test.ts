// What a reader says of keys that are not known, missing, or known elsewhere only.
import { describe, expect, it } from '@jest/globals';
import { readPlaybook } from '../../language/parse.ts';
import { readScenario } from '../../language/scenario.ts';

const HEAD = 'playbook: p\ntitle: t\nowner: o\n';
const BY_HAND = `${HEAD}triggers: [{ manual: {} }]\n`;
const told = (text: string): readonly string[][] =>
  readPlaybook(text, 'p.yaml').diagnostics.map(({ code, message, hint }) => [code, message, hint ?? '']);

describe.each(['constructor', 'hasOwnProperty', 'isPrototypeOf', 'toString', 'valueOf'])('%s, which every object inherits', (key) => {
  it.each([
    ['a key of a playbook', `${BY_HAND}${key}: 1\nsteps: [{ undo: all }]\n`],
    ['a key of a step', `${BY_HAND}steps: [{ undo: all, ${key}: 1 }]\n`],
    ['a key of an alert trigger', `${HEAD}triggers: [{ alert: { source: s }, ${key}: 1 }]\nsteps: [{ undo: all }]\n`],
    ['a key of a schedule', `${HEAD}triggers: [{ schedule: { cron: '0 8 * * *' }, ${key}: 1 }]\nsteps: [{ undo: all }]\n`],
    ['a key within a step', `${BY_HAND}steps: [{ wait: { event: e, within: 1h, ${key}: 1 } }]\n`],
  ])('is no known key: %s', (_, text) => {
    expect(told(text)).toContainEqual([
      'KEY_UNKNOWN',
      `\`${key}\` is not known here`,
      expect.stringMatching(/^(?:known here: |did you mean )/),
    ]);
  });

  it('is no kind of step, no verb, no input and no function', () => {
    expect(told(`${BY_HAND}steps: [{ ${key}: 1 }]\n`)).toEqual([['STEP_KIND', expect.any(String), expect.stringMatching(/^one of /)]]);
    expect(told(`${BY_HAND}steps: [{ do: ${key} }]\n`).map(([code]) => code)).toEqual(['VERB_UNKNOWN']);
    expect(told(`${BY_HAND}steps: [{ undo: all, when: 'inputs.${key} == 1' }]\n`).map(([code]) => code)).toEqual(['INPUT_UNKNOWN']);
    expect(told(`${BY_HAND}steps: [{ undo: all, when: '${key}(1, 2)' }]\n`).map(([code]) => code)).toEqual(['EXPRESSION_UNKNOWN_FUNCTION']);
  });

  it('hides in a value that should be a word', () => {
    expect(told(`${BY_HAND}inputs: { x: { type: { ${key}: 1 } } }\nsteps: [{ undo: all }]\n`)).toContainEqual([
      'VALUE_UNKNOWN',
      expect.stringMatching(/^`type` must be /),
      expect.any(String),
    ]);
  });

  it('is no key of a scenario', () => {
    const { diagnostics } = readScenario(`scenario: s\n${key}: 1\nanswers: { ${key}: { x: 1 } }\nnever: [${key}]\n`, 's.yaml', {});
    expect(diagnostics.map(({ code }) => code)).toContain('KEY_UNKNOWN');
  });
});

describe('a map that may have one of several forms', () => {
  const wait = (form: string) => told(`${BY_HAND}steps: [{ wait: { ${form} } }]\n`);

  it('is told what its form lacks, not that its own key is not known', () => {
    expect(wait('event: x')).toEqual([
      ['KEY_MISSING', '`within` is missing', expect.stringMatching(/^add within: How long it is waited for/)],
    ]);
  });

  it('is told of keys that do not go together', () => {
    expect(wait('event: x, within: 1h, until: y')).toEqual([
      ['KEY_UNKNOWN', '`until` does not go with what stands beside it', 'keep one of them'],
    ]);
  });

  it.each(['event: x', 'until: x, within: 1h', 'event: x, until: y', 'evnt: x', 'evnt: x, within: 1h', 'within: 1h'])(
    'is never told to take a key for itself: %s',
    (form) => {
      const all = wait(form);
      expect(all.length).toBeGreaterThan(0);
      for (const [, message = '', hint = ''] of all) {
        const key = /^`(\w+)`/.exec(message)?.[1] ?? '';
        expect(hint).not.toBe(`did you mean \`${key}\`?`);
      }
    },
  );
});
