// Names that cannot be given: each is refused, and the reference lists it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { readPlaybook } from '../../language/parse.ts';
import { OUTPUT_RESERVED } from '../../language/read-outputs.ts';
import { RESERVED_WORDS } from '../../language/schema/values.ts';

const HEAD = 'playbook: a\ntitle: t\nowner: o\ntriggers: [{ manual: {} }]\n';
const page = readFileSync(join(import.meta.dirname, '../../docs/reference/playbook.md'), 'utf8');
const told = (text: string) => readPlaybook(HEAD + text, 'p.yaml').diagnostics.map(({ code, message }) => `${code} ${message}`);

it.each(RESERVED_WORDS)('%s is a word of expressions, and no name', (word) => {
  expect(told(`steps: [{ id: "${word}", undo: all }]`)).toEqual([
    `VALUE_INVALID \`id\` cannot be \`${word}\`, a word that expressions keep for themselves`,
  ]);
  expect(page).toContain(`\`${word}\``);
});

it.each(OUTPUT_RESERVED)('%s is in every result, and no output', (word) => {
  expect(told(`outputs: { ${word}: { type: text, value: x } }\nsteps: [{ undo: all }]`)).toEqual([
    `OUTPUT_NAME \`${word}\` is there already`,
  ]);
  expect(page).toContain(`\`${word}\``);
});
