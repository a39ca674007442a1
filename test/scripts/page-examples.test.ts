// Every YAML example on a page is right when it is pasted: each is read by what reads such files. One that nothing here knows fails, too.
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { policyKnowledge } from '../../cli/policy-knowledge.ts';
import { parseEntities } from '../../language/inventory-text.ts';
import { policyCases } from '../../language/policy/cases.ts';
import { readPolicy } from '../../language/policy/read-policy.ts';
import { readPlaybookBeside } from '../../language/read-beside.ts';
import { scenario } from '../../language/scenario/schema.ts';
import { readYaml } from '../../language/yaml-text.ts';
import { readConfig } from '../../worker/config.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Wrong on purpose (held by test/language/wrong-playbooks.test.ts), and parts that become pages. */
const NOT_READ = /^docs\/(?:wrong-playbooks\.md|examples\/)/;

const isOurs = (name: string): boolean => !name.startsWith('.') && !['node_modules', 'dist'].includes(name);

const pages = readdirSync(ROOT, { withFileTypes: true })
  .filter(({ name }) => isOurs(name))
  .flatMap((entry) => (entry.isDirectory() ? below(entry.name) : [entry.name]))
  .filter((name) => name.endsWith('.md') && !NOT_READ.test(name))
  .toSorted();

function below(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true }).map((name) => join(folder, String(name)));
}

const examples = pages.flatMap((page) => {
  const text = readFileSync(join(ROOT, page), 'utf8');
  return [...text.matchAll(/^```ya?ml\n([\s\S]*?)^```/gm)].map(({ 1: yaml = '', index }) => ({
    at: `${page}:${text.slice(0, index).split('\n').length}`,
    yaml,
  }));
});

const errorsOf = (diagnostics: readonly { severity: string; code: string; message: string }[]): readonly string[] =>
  diagnostics.filter(({ severity }) => severity === 'error').map(({ code, message }) => `${code}: ${message}`);

/** What the page of `call` calls. */
const CALLED = { file: 'called.yaml', text: readFileSync(join(ROOT, 'docs/examples/contain-account/playbook.yaml'), 'utf8') };

const playbookErrors = (text: string) => errorsOf(readPlaybookBeside({ text, file: 'playbook.yaml' }, [CALLED]).diagnostics);

const TOP = 'playbook: an-example\ntitle: An example\nowner: somebody\n';
const ONE_STEP = 'steps:\n  - do: ticket.open\n    with: { title: A ticket }\n';

function zodErrors(yaml: string, schema: { safeParse: (value: unknown) => { error?: { message: string } } }, around: object = {}) {
  const { yaml: read, diagnostics } = readYaml(yaml, 'a.yaml');
  const value = typeof read?.value === 'object' ? { ...around, ...read.value } : read?.value;
  return [...errorsOf(diagnostics), ...[schema.safeParse(value).error?.message ?? []].flat()];
}

function thrown(read: () => unknown): readonly string[] {
  try {
    read();
    return [];
  } catch (error) {
    return [String(error)];
  }
}

function configErrors(yaml: string): readonly string[] {
  const cwd = mkdtempSync(join(tmpdir(), 'cordon-example-'));
  writeFileSync(join(cwd, 'cordon.yaml'), yaml);
  return thrown(() => readConfig({ env: {}, cwd, root: ROOT }));
}

/** Prometheus' rules: each asks for metrics that there are (their table is held against the server). */
function ruleErrors(yaml: string): readonly string[] {
  const { yaml: read, diagnostics } = readYaml(yaml, 'rules.yaml');
  const rules = prometheusRules.safeParse(read?.value);
  const listed = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8');
  const asked = [...yaml.matchAll(/\b(cordon_\w+?)(?:_count|_sum|_bucket)?\b|kind="(\w+)"/g)].map(([, name, kind]) => name ?? kind ?? '');
  return [...errorsOf(diagnostics), ...[rules.error?.message ?? []].flat(), ...asked.filter((name) => !listed.includes(`| \`${name}\` |`))];
}

const prometheusRules = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(z.strictObject({ alert: z.string(), expr: z.string().min(1), for: z.string().optional() })).min(1),
    }),
  ),
});

/** By the first key; parts of a file are put where they belong. */
const READERS: Readonly<Record<string, (yaml: string) => readonly string[]>> = {
  playbook: playbookErrors,
  groups: ruleErrors,
  inputs: (yaml) => playbookErrors(TOP + yaml),
  triggers: (yaml) => playbookErrors(`${TOP}inputs: { days: { type: number } }\n${yaml}${ONE_STEP}`),
  approve: (yaml) => {
    const part = yaml.replace(/^/gm, '    ');
    return playbookErrors(
      `${TOP}inputs: { user: { type: user } }\ntriggers: [{ manual: {} }]\nsteps:\n  - do: session.revoke\n    with: { user: "\${{ inputs.user }}" }\n${part}`,
    );
  },
  scenario: (yaml) => zodErrors(yaml, scenario),
  people: (yaml) => zodErrors(yaml, scenario, { scenario: 'One', inputs: {}, expect: ['a'] }),
  already: (yaml) => zodErrors(yaml, scenario, { scenario: 'One', inputs: {}, expect: ['a'] }),
  expect: (yaml) => zodErrors(yaml, scenario, { scenario: 'One', inputs: {} }),
  cases: (yaml) => zodErrors(yaml, policyCases),
  '- name': (yaml) => errorsOf(readPolicy(`rules:\n${yaml}`, 'policy.yaml', policyKnowledge).diagnostics),
  hosts: (yaml) => thrown(() => parseEntities(yaml, 'entities.yaml')),
  connectors: configErrors,
  public_url: configErrors,
  port: configErrors,
};

const kindOf = (yaml: string): string => /^((?:- )?[a-z_]+):/m.exec(yaml.replace(/^#.*\n/gm, ''))?.[1] ?? '';

describe('YAML on the pages', () => {
  it('is found at all', () => {
    expect(pages).toEqual(expect.arrayContaining(['README.md', 'docs/schedules.md', 'docs/reference/alert.md']));
    expect(examples.length).toBeGreaterThan(30);
  });

  it.each(examples)('$at is right', ({ yaml }) => {
    const read = READERS[kindOf(yaml)];
    expect(read ? read(yaml) : `nothing here reads an example that begins with "${kindOf(yaml)}"`).toEqual([]);
  });
});
