import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isMap, isSeq, parse, parseDocument, stringify } from 'yaml';
import { layOut } from '../../language/layout/layout.ts';
import { readPlaybook } from '../../language/parse.ts';
import type { Json } from '../../language/plan.ts';

const ROOT = new URL('../../playbooks/', import.meta.url);
const SHIPPED = readdirSync(ROOT, { recursive: true })
  .map(String)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => ({ name, text: readFileSync(new URL(name, ROOT), 'utf8') }));
const PLAYBOOKS = SHIPPED.filter(({ name }) => name.endsWith('playbook.yaml'));

const laid = (text: string): string => {
  const layout = layOut(text, 'f.yaml');
  return layout.ok ? layout.text : 'broken';
};

/** The plan without the lines it stands on: what it means. */
function meaning(text: string): string {
  const { plan } = readPlaybook(text, 'f.yaml');
  return JSON.stringify(plan, (key, value: unknown) => (key === 'line' ? undefined : value));
}

describe('the layout', () => {
  it.each(SHIPPED)('of $name is what is shipped', ({ text }) => {
    expect(laid(text)).toBe(text);
  });

  it.each(PLAYBOOKS)('of $name means the same, whatever order its keys had, and is the same again', ({ text }) => {
    const straight = laid(shuffleSteps(text, 0)).replaceAll('\n\n', '\n');
    for (const seed of [1, 2]) {
      const shuffled = shuffleSteps(text, seed);
      expect(shuffled).not.toBe(text);
      const made = laid(shuffled);
      expect(meaning(made)).toBe(meaning(text));
      expect(laid(made)).toBe(made);
      expect(made.replaceAll('\n\n', '\n')).toBe(straight);
    }
  });

  it.each([
    [
      'a nested map',
      '    - do: x\n      with:\n          a: 1\n          # ends it\n    - do: y\n',
      '  - do: x\n    with:\n      a: 1\n      # ends it\n  - do: y\n',
    ],
    ['the last step', '    - do: x\n      with: { a: 1 }\n\n      # ends it\n', '  - do: x\n    with: { a: 1 }\n\n    # ends it\n'],
    ['the last list', '    - do: x\n    # ends it\n# the foot\n', '  - do: x\n  # ends it\n# the foot\n'],
  ])('a comment that ends %s stays there, and the file is laid out', (_, text, wanted) => {
    expect(layOut(`steps:\n${text}`, 'f.yaml')).toEqual({ ok: true, text: `steps:\n${wanted}` });
    expect(laid(`steps:\n${wanted}`)).toBe(`steps:\n${wanted}`);
  });

  it('puts the keys of a step in order, and every comment goes with what it speaks of', () => {
    const text = `steps:
# first of all
- hold: until_released   # until people say so
  with:
      # the host
      host: "\${{ inputs.host }}"
  # what is done
  do: host.isolate
  id: isolate
  # an end note that stands further in
  #
- group:
  - {do: user.lookup, with: {user: a}}

  on_error: continue


  approve: { by: { role: responder } }
title: T
playbook: p
# the last word
`;
    expect(laid(text)).toBe(`playbook: p
title: T
steps:
  # first of all
  - id: isolate
    # what is done
    do: host.isolate
    with:
      # the host
      host: "\${{ inputs.host }}"
    hold: until_released   # until people say so
    # an end note that stands further in
    #
  - approve: { by: { role: responder } }
    on_error: continue
    group:
      - {do: user.lookup, with: {user: a}}
# the last word
`);
  });

  it('leaves texts as they are: folded, literal, quoted over lines, with blanks and marks', () => {
    const text = `playbook: p
title: "two
  lines"
description: >-
    folded
      further in

    # no comment
    end
steps:
  - when: >-
      a
      && b
    stop:
      outcome: x
      message: |+
        # kept

        kept  

  - undo: all
`;
    const made = laid(text);
    expect(readPlaybook(made, 'f').diagnostics.map((one) => one.code)).toEqual(readPlaybook(text, 'f').diagnostics.map((one) => one.code));
    expect(made).toContain('# no comment');
    expect(laid(made)).toBe(made);
  });

  it('takes Windows line ends and blanks at line ends away', () => {
    expect(laid('playbook: p  \r\n\r\n\r\n\r\ntitle: t\r\n')).toBe('playbook: p\n\ntitle: t\n');
  });

  it('does nothing to a text that is no YAML, and says where', () => {
    expect(layOut('a: [', 'f.yaml')).toMatchObject({ ok: false, diagnostics: [{ code: 'YAML_SYNTAX', line: 1 }] });
    expect(layOut('a: *b', 'f.yaml')).toMatchObject({ ok: false, diagnostics: [{ code: 'YAML_ALIAS' }] });
  });

  it('of any tree is the same again, and every value is the same', () => {
    const tree = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4, depthSize: 'small' },
        fc.constantFrom<Json>('a', 'b c', 'x: y', '# no', '- no', 'two\nlines\n', ' blanks ', '', null, 1, true, 'end\n\n'),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('id', 'do', 'with', 'steps', 'group', 'hold', 'when', 'x'), tie('value'), { maxKeys: 4 }),
      ),
    })).value;
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('playbook', 'steps', 'title', 'triggers'), tree, { minKeys: 1 }),
        fc.nat(6),
        (value, style) => {
          const text = write(value, style);
          const made = laid(text);
          expect(laid(made)).toBe(made);
          expect(sorted(made)).toBe(sorted(text));
        },
      ),
      { numRuns: 150, seed: 7 },
    );
  });
});

const sorted = (text: string): string => JSON.stringify(ordered(parse(text)));
const ordered = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(ordered)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .toSorted(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, member]) => [key, ordered(member)]),
        )
      : value;

/** As people may have written it: other indentations, lists below their key without one, comments anywhere. */
function write(value: Json, style: number): string {
  const text = stringify(value, { indent: 2 + (style % 3), indentSeq: style % 2 === 0, lineWidth: 0 });
  return style < 4 ? text : text.replace(/^( *)(\w+:)/gm, (line, blanks: string) => `${blanks}# ${style}\n${line}`);
}

/** The keys of steps that stand on lines of their own, in another order; with 0 in their own. */
function shuffleSteps(text: string, seed: number): string {
  const document = parseDocument(text);
  let state = seed;
  const next = (): number => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state;
  };
  const steps = document.get('steps');
  const shuffleIn = (node: unknown): void => {
    if (isSeq(node)) for (const item of node.items) shuffleIn(item);
    if (!isMap(node)) return;
    for (const pair of node.items) if (!['with', 'default'].includes(String(pair.key))) shuffleIn(pair.value);
    if (seed > 0 && node.flow !== true && node.has('do')) node.items.sort(() => (next() % 2 === 0 ? 1 : -1));
  };
  shuffleIn(steps);
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}
