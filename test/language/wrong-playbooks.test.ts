// docs/wrong-playbooks.md is made from these cases; here is held that each of them is wrong as it says, and right where it says so.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { readPlaybook } from '../../language/parse.ts';

const FOLDER = new URL('../cases/wrong/', import.meta.url);
/** What each must be told, in the order of the file. */
const CODES: Readonly<Record<string, readonly string[]>> = {
  '01-quotes.yaml': ['YAML_SYNTAX'],
  '02-other-language.yaml': ['KEY_MISSING', 'KEY_MISSING', 'KEY_UNKNOWN', 'KEY_UNKNOWN', 'STEP_KIND'],
  '03-exclamation-mark.yaml': ['YAML_TAG'],
  '04-severity.yaml': ['SEVERITY_ORDER'],
  '05-dash-in-name.yaml': ['VALUE_INVALID', 'NAME_INVALID'],
  '06-skipped-step.yaml': ['RESULT_MAYBE_ABSENT', 'INPUT_MAYBE_NULL'],
  '07-product-for-verb.yaml': ['VERB_UNKNOWN', 'PARAMETER_MISSING', 'HOLD_MISSING', 'PARAMETER_UNKNOWN'],
  '08-undo.yaml': ['CHOICE_UNKNOWN', 'UNDO_IRREVERSIBLE'],
  '09-names.yaml': ['INPUT_MISSING', 'NAME_UNKNOWN'],
  '10-other-operators.yaml': ['EXPRESSION_SYNTAX', 'EXPRESSION_SYNTAX', 'EXPRESSION_WRAPPED', 'EXPRESSION_UNKNOWN_FUNCTION'],
};

function readCase(file: string): { readonly wrong: string; readonly right: string } {
  const [wrong = '', part = ''] = readFileSync(new URL(file, FOLDER), 'utf8').split(/^---\n/m);
  // The right part says only what changes: from its first key on it takes the place of the wrong one.
  const first = /^(\w+):/m.exec(part)?.[1] ?? 'steps';
  const isWhole = /^\w/.test(part);
  const outer = isWhole
    ? wrong.slice(0, wrong.search(new RegExp(`^(?:${first}|name):`, 'm')))
    : wrong.slice(0, wrong.indexOf('steps:\n') + 7);
  const rest = isWhole && first === 'title' ? 'owner: identity\ninputs: { user: { type: user } }\n' : '';
  return { wrong, right: outer + rest + part };
}

describe('ten wrong playbooks', () => {
  it('are ten', () => {
    expect(readdirSync(FOLDER).toSorted()).toEqual(Object.keys(CODES));
  });

  it.each(Object.entries(CODES))('%s is told what is wrong, each with what to do', (file, codes) => {
    const { diagnostics } = readPlaybook(readCase(file).wrong, file);
    expect(diagnostics.map((one) => one.code)).toEqual(codes);
    for (const one of diagnostics) expect(one.hint?.length ?? 0).toBeGreaterThan(5);
  });

  it.each(Object.keys(CODES))('%s is right where it says so', (file) => {
    expect(readPlaybook(readCase(file).right, file).diagnostics).toEqual([]);
  });
});
