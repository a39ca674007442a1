// Nothing that is written into a file makes the language throw, hang, or say something without a place. npm run fuzz -- <runs> <seed> does more of it.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { namesOf } from '../../engine/simulation/outline.ts';
import { CODES, type Diagnostic } from '../../language/diagnostics.ts';
import { formatDiagnostics } from '../../language/format-diagnostics.ts';
import { layOut } from '../../language/layout/layout.ts';
import { readPlaybook } from '../../language/parse.ts';
import { readPolicy as readWith } from '../../language/policy/read-policy.ts';
import { readScenario } from '../../language/scenario.ts';
import { POLICY_KNOWLEDGE } from '../../policy/knowledge.ts';
import { damagedText, damagedTree, randomOf } from './mutations.ts';

const RUNS = Number(process.env.CORDON_FUZZ_RUNS ?? 100);
const SEED = Number(process.env.CORDON_FUZZ_SEED ?? 1);

const ROOT = new URL('../../playbooks/', import.meta.url);
const FILES = readdirSync(ROOT, { recursive: true }).map(String).toSorted();
const read = (name: string): string => readFileSync(new URL(name, ROOT), 'utf8');
const PLAYBOOKS = FILES.filter((name) => name.endsWith('playbook.yaml')).map(read);
const SCENARIOS = FILES.filter((name) => name.includes('scenarios/') && name.endsWith('.yaml')).map(read);
const readPolicy = (text: string, file: string) => readWith(text, file, { ...POLICY_KNOWLEDGE, isZone: () => false });
const POLICY = readFileSync(new URL('../../worker/trial/policy.yaml', import.meta.url), 'utf8');
const POLICY_RULES = readPolicy(POLICY, 'policy.yaml').policy?.rules;
const NAMES = namesOfFirst();

function namesOfFirst() {
  const { plan } = readPlaybook(PLAYBOOKS[0] ?? '', 'p');
  if (!plan) throw new Error('the first shipped playbook is not clean');
  return namesOf(plan);
}

/** What is wrong with what was said; undefined when nothing is. */
function fault(text: string, diagnostics: readonly Diagnostic[], isAbsent: boolean): string | undefined {
  const lines = text.split('\n').length;
  for (const one of diagnostics) {
    if (!(one.code in CODES)) return `${one.code} is in no table`;
    if (one.line < 1 || one.line > lines + 1 || one.column < 1) return `${one.code} has no place: ${one.line}:${one.column}`;
    if ((one.hint ?? '') === '') return `${one.code} does not say what to do`;
  }
  if (isAbsent !== diagnostics.some((one) => one.severity === 'error')) return 'there is a result beside an error, or neither';
  // Nothing of the text may reach a terminal as a control sequence.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  return /[\u0000-\u0009\u000b-\u001f\u202e]/.test(formatDiagnostics(diagnostics, text, { color: false }))
    ? 'a control character is printed'
    : undefined;
}

const CHECKS: Readonly<Record<string, { readonly of: readonly string[]; readonly check: (text: string) => string | undefined }>> = {
  'a playbook': {
    of: PLAYBOOKS,
    check: (text) => {
      const { plan, diagnostics } = readPlaybook(text, 'f', POLICY_RULES);
      return fault(text, diagnostics, plan === undefined);
    },
  },
  'a scenario': {
    of: SCENARIOS,
    check: (text) => {
      const { scenario, diagnostics } = readScenario(text, 'f', NAMES);
      return fault(text, diagnostics, scenario === undefined);
    },
  },
  'a policy': {
    of: [POLICY],
    check: (text) => {
      const { policy, diagnostics } = readPolicy(text, 'f');
      return fault(text, diagnostics, policy === undefined);
    },
  },
  'the layout of a playbook': {
    of: PLAYBOOKS,
    check: (text) => {
      const layout = layOut(text, 'f');
      if (!layout.ok) return fault(text, layout.diagnostics, true);
      const again = layOut(layout.text, 'f');
      return again.ok && again.text === layout.text ? undefined : 'the layout of a layout is another';
    },
  },
};

describe('damage', () => {
  it.each(Object.entries(CHECKS))('to %s is told, never thrown, and soon', (_, { of, check }) => {
    const slow: string[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const random = randomOf(SEED * 1_000_003 + run);
      const whole = random.pick(of);
      const text = run % 2 === 0 ? damagedText(random, whole, random.pick(of)) : damagedTree(random, whole);
      const before = process.cpuUsage();
      const found = check(text);
      const { user, system } = process.cpuUsage(before);
      if ((user + system) / 1000 > 1000) slow.push(`run ${run}`);
      if (found !== undefined) throw new Error(`seed ${SEED}, run ${run}: ${found}\n${JSON.stringify(text)}`);
    }
    expect(slow).toEqual([]);
  });
});
