import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SEVERITY_ID as ALERT_SEVERITY_ID } from '../../alerts/alert.ts';
import { canonicalJson } from '../../language/canonical.ts';
import { CODES } from '../../language/diagnostics.ts';
import { readPlaybook } from '../../language/parse.ts';
import { SEVERITY_ID } from '../../language/severity.ts';
import { readYaml } from '../../language/yaml-text.ts';

const HEAD = 'playbook: p\ntitle: t\nowner: o\ntriggers: [{ manual: {} }]\n';
const codes = (text: string): readonly string[] => readPlaybook(text, 'p.yaml').diagnostics.map((one) => one.code);

/** Each list holds the one before it ten times: a billion members from nine lines. */
const bomb = (levels: number): string =>
  Array.from(
    { length: levels },
    (_, n) =>
      `b${n}: &b${n} [${Array(10)
        .fill(n === 0 ? '*a' : `*b${n - 1}`)
        .join(', ')}]`,
  ).join('\n');

describe('places', () => {
  it('what stands behind several templates in a text is told at its own line and column', () => {
    const text = [
      'playbook: x',
      'title: X',
      'owner: o',
      'inputs: { user: { type: user } }',
      'triggers: [{ manual: {} }]',
      'steps:',
      '  - do: notify.message',
      '    with: { to: "#soc", text: "${{ run.id }} has ${{ run.id }} and ${{ run.id }} for inputs.user here" }',
      '  - do: notify.message',
      '    with: { to: "#soc", text: "for inputs.user here" }',
      '',
    ].join('\n');
    const column = (line: number) => (text.split('\n')[line - 1] ?? '').indexOf('inputs.user') + 1;
    const found = readPlaybook(text, 'p.yaml').diagnostics.filter((one) => one.code === 'TEMPLATE_IN_TEXT');
    expect(found.map((one) => [one.line, one.column])).toEqual([
      [8, column(8)],
      [10, column(10)],
    ]);
  });
});

describe('hostile text', () => {
  it.each([
    ['900 open lists', '['.repeat(900) + ']'.repeat(900), 'YAML_TOO_DEEP'],
    ['100,000 open lists', '['.repeat(100_000), 'YAML_TOO_DEEP'],
    ['open maps', '{a: '.repeat(5000), 'YAML_TOO_DEEP'],
    ['a list in a list in a list', '- '.repeat(1000), 'YAML_TOO_DEEP'],
    ['explicit keys', '? '.repeat(1000), 'YAML_TOO_DEEP'],
    ['a staircase', Array.from({ length: 500 }, (_, level) => `${' '.repeat(level)}a:`).join('\n'), 'YAML_TOO_DEEP'],
    ['60,000 keys', Array.from({ length: 60_000 }, (_, key) => `k${key}: 1`).join('\n'), 'FILE_TOO_LARGE'],
    ['short keys below the size', Array.from({ length: 40_000 }, (_, key) => `${key.toString(36)}:`).join('\n'), 'YAML_TOO_MANY'],
    ['a line of 6 MB', `a: ${'x'.repeat(6_000_000)}`, 'FILE_TOO_LARGE'],
    ['60,000 steps', `${HEAD}steps:\n${'  - undo: all\n'.repeat(60_000)}`, 'FILE_TOO_LARGE'],
    ['aliases of aliases', `a: &a [x]\n${Array.from({ length: 60 }, (_, n) => `b${n}: &b${n} [*a, *a]`).join('\n')}`, 'YAML_ALIAS'],
    ['a second document', `${HEAD}steps: [{ undo: all }]\n---\nplaybook: q\n`, 'YAML_DOCUMENTS'],
    ['a merge key', `${HEAD}steps:\n  - <<: { undo: all }\n`, 'YAML_MERGE'],
    ['a tag that runs code elsewhere', `${HEAD}steps: !!js/function 'x'\n`, 'YAML_TAG'],
    ['a key twice', `${HEAD}title: again\nsteps: [{ undo: all }]\n`, 'YAML_DUPLICATE_KEY'],
    ['a directive', `%YAML 1.1\n---\n${HEAD}steps: [{ undo: all }]\n`, 'YAML_DIRECTIVE'],
    ['an alias bomb', `a: &a [${'x,'.repeat(9)}x]\n${bomb(9)}`, 'YAML_ALIAS'],
    ['a key that is a list', `${HEAD}? [a, b]\n: 1\n`, 'YAML_SYNTAX'],
  ])('%s is refused within a second, with its place', (_, text, code) => {
    // Of work, not of the clock: another process on the machine is no fault of ours.
    const before = process.cpuUsage();
    const { plan, diagnostics } = readPlaybook(text, 'p.yaml');
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(1000);
    expect(plan).toBeUndefined();
    expect(diagnostics.map((one) => one.code)).toContain(code);
    for (const one of diagnostics) expect(one.line >= 1 && one.column >= 1 && one.hint !== undefined).toBe(true);
  });

  it('more steps than are read are refused', () => {
    expect(codes(`${HEAD}steps:\n${'- undo: all\n'.repeat(1_000)}`)).toEqual([]);
    expect(codes(`${HEAD}steps:\n${'- undo: all\n'.repeat(5_001)}`)).toContain('VALUE_INVALID');
    const group = `  - group:\n${'    - undo: all\n'.repeat(400)}`;
    expect(codes(`${HEAD}steps:\n${group.repeat(13)}`)).toContain('STEP_TOO_MANY');
  });

  it('steps nested beyond understanding are refused', () => {
    const nested = (levels: number): string => (levels === 0 ? '{ undo: all }' : `{ group: [${nested(levels - 1)}] }`);
    expect(codes(`${HEAD}steps:\n  - ${nested(14)}\n`)).toContain('STEP_NESTING');
    expect(codes(`${HEAD}steps:\n  - ${nested(10)}\n`)).toEqual([]);
  });

  it('`__proto__` and its kind stay text', () => {
    const text = `${HEAD}labels: { constructor: a, toString: b }\nsteps:\n  - do: constructor\n  - do: user.lookup\n    with: { user: a, toString: b }\n`;
    expect(codes(text)).toEqual(['VERB_UNKNOWN', 'PARAMETER_UNKNOWN']);
    expect(codes(`${HEAD}__proto__: { polluted: 1 }\nsteps: [{ undo: all }]\n`)).toEqual(['YAML_KEY']);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  const words = fc.constantFrom(
    'steps:',
    '- ',
    'do: ',
    'when: ',
    'user.disable',
    '${{ ',
    ' }}',
    'inputs.a',
    '{',
    '}',
    '[',
    ']',
    ': ',
    '\n',
    '  ',
    '"',
    "'",
    '!',
    '&a',
    '*a',
    '|',
    '>',
    '?',
    '#',
    '<<: ',
    'ask:',
    'approve: ',
    'hold: until_released',
    'triggers:',
    'alert:',
    'on_error:',
    '\t',
    '\u0000',
    '\ufeff',
    '\u2028',
    '---\n',
    '...\n',
    '%YAML 1.1\n',
    '!!binary ',
    'null',
    '0x1',
    '.nan',
    '9e999',
    'playbook: p\n',
  );
  it('no text makes it throw, and every place is within the text', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.array(words, { maxLength: 60 }).map((parts) => parts.join('')),
      fc.array(words, { maxLength: 40 }).map((parts) => `${HEAD}steps:\n  - ${parts.join('')}`),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const { plan, diagnostics } = readPlaybook(text, 'f');
        const lines = text.split('\n').length;
        for (const one of diagnostics) expect(one.line >= 1 && one.line <= lines + 1 && one.column >= 1 && one.code in CODES).toBe(true);
        expect(plan === undefined).toBe(diagnostics.some((one) => one.severity === 'error'));
      }),
      { numRuns: 600 },
    );
  });

  const json = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(
        fc.constantFrom(
          'do',
          'with',
          'when',
          'group',
          'if',
          'then',
          'parallel',
          'ask',
          'to',
          'undo',
          'set',
          'stop',
          'approve',
          'by',
          'hold',
          'for',
          'on_error',
          'default',
          'id',
          'x',
        ),
        tie('value'),
        { maxKeys: 5 },
      ),
    ),
  })).value;
  it('no value in the place of steps, triggers or inputs makes it throw', () => {
    fc.assert(
      fc.property(json, json, json, (steps, triggers, inputs) => {
        const { plan, diagnostics } = readPlaybook(JSON.stringify({ playbook: 'p', title: 't', owner: 'o', triggers, inputs, steps }), 'f');
        expect(plan === undefined).toBe(diagnostics.some((one) => one.severity === 'error'));
      }),
      { numRuns: 400 },
    );
  });
});

describe('plans', () => {
  it.each(['contain-compromised-account', 'malware-on-host', 'report-phishing'])('the playbook %s is clean', (name) => {
    const { plan, diagnostics } = readPlaybook(
      readFileSync(new URL(`../../playbooks/${name}/playbook.yaml`, import.meta.url), 'utf8'),
      'playbook.yaml',
    );
    expect(diagnostics).toEqual([]);
    expect(plan?.playbook).toBe(name);
  });

  it('are plain JSON, and their digest input does not depend on the order of keys', () => {
    const steps = 'steps: [{ do: user.lookup, with: { user: a } }]\n';
    const one = readPlaybook(`${HEAD}labels: { a: x, b: y }\n${steps}`, 'f');
    const other = readPlaybook(`${HEAD}labels: { b: y, a: x }\n${steps}`, 'f');
    expect(one.digestInput).toBe(other.digestInput);
    expect(JSON.parse(one.digestInput)).toEqual(one.plan);
    expect(readPlaybook(`${HEAD}labels: { b: y, a: z }\n${steps}`, 'f').digestInput).not.toBe(one.digestInput);
  });

  it('a file with an error gives no plan and no digest', () => {
    expect(readPlaybook(`${HEAD}steps: [{ undo: nothing }]\n`, 'f')).toMatchObject({
      digestInput: '',
      diagnostics: [{ code: 'STEP_UNKNOWN' }],
    });
  });
});

describe('the language by itself', () => {
  it('has the severities of alerts', () => {
    expect(SEVERITY_ID).toEqual(ALERT_SEVERITY_ID);
  });

  it('spells equal values equally', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
    expect(canonicalJson({ b: 1, a: [undefined, { d: undefined, c: 'é' }] })).toBe('{"a":[null,{"c":"é"}],"b":1}');
  });

  it('reads the YAML that people write', () => {
    const text = 'a: |-\n  x: y\n  - z\nb: [1, "two", { c: null }]\n"d e": 0x10\nf: 2026-01-02\ng: yes\n';
    expect(readYaml(text, 'f')).toMatchObject({
      diagnostics: [],
      yaml: { value: { a: 'x: y\n- z', b: [1, 'two', { c: null }], 'd e': 16, f: '2026-01-02', g: 'yes' } },
    });
  });
});
