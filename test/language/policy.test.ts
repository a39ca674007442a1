import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { readPlaybook } from '../../language/parse.ts';
import { readPolicy as readWith } from '../../language/policy/read-policy.ts';
import { POLICY_KNOWLEDGE } from '../../policy/knowledge.ts';

const readPolicy = (text: string, file: string) =>
  readWith(text, file, { ...POLICY_KNOWLEDGE, isZone: (zone) => zone === 'Europe/Berlin' });

const trial = readPolicy(readFileSync(new URL('../../worker/trial/policy.yaml', import.meta.url), 'utf8'), 'policy.yaml');
const HEAD = 'playbook: p\ntitle: t\nowner: o\ninputs: { user: { type: user } }\ntriggers: [{ manual: {} }]\nsteps:\n';
const told = (steps: string, policy: string) =>
  readPlaybook(HEAD + steps, 'p.yaml', readPolicy(policy, 'policy.yaml').policy?.rules).diagnostics.map(
    (one) => `${one.line}:${one.column} ${one.code} ${one.message} = ${one.hint}`,
  );

const rule = (match: string, then: string) => `rules: [{ name: r, reason: Because., match: ${match}, then: ${then} }]\n`;
const revoke = '  - do: session.revoke\n    with: { user: "${{ inputs.user }}" }\n';

describe('a policy file', () => {
  it('that is shipped is right', () => {
    expect(trial.diagnostics).toEqual([]);
    expect(trial.policy?.rules.map((one) => one.name)).toContain('containment-needs-a-person');
  });

  it.each([
    ['rules: [{ name: r, reason: x, then: deny }, { name: r, reason: x, then: deny }]', '1:53 NAME_INVALID'],
    [rule('{ verbs: [host.isolat] }', 'deny'), '1:55 VERB_UNKNOWN'],
    [rule('{ verb: [host.isolate] }', 'deny'), '1:47 KEY_UNKNOWN'],
    [rule('{}', 'maybe'), '1:55 VALUE_TYPE'],
    ['', '1:1 FILE_EMPTY'],
    ['# all commented out\n', 'FILE_EMPTY'],
    ['rules: &a []\n', 'YAML_ALIAS'],
    ['approvals: { within: soon }', '1:22 VALUE_INVALID'],
  ])('with %s is refused with its place', (text, said) => {
    const { policy, diagnostics } = readPolicy(text, 'policy.yaml');
    expect(policy).toBeUndefined();
    expect(diagnostics.map((one) => `${one.line}:${one.column} ${one.code}`).join()).toContain(said);
  });
});

describe('a playbook under a policy', () => {
  it('that asks people for an effect should say so itself', () => {
    const policy = rule('{ risks: [destructive] }', '{ ask: { role: responder, count: 2 } }');
    expect(told(revoke, policy)).toEqual([
      '7:9 APPROVE_MISSING the policy asks 2 responder before `session.revoke` (rule `r`), and the playbook does not say so = say so: approve: { by: { role: responder, count: 2 } }, here or on the group around it',
    ]);
    expect(told(`${revoke}    approve: { by: { role: responder } }\n`, policy)).toEqual([]);
    const group = `  - approve: { by: { role: responder } }\n    group:\n    ${revoke.trimEnd().replace('\n', '\n    ')}\n`;
    expect(told(group, policy)).toEqual([]);
    // What follows a denial is not covered by the decision that was denied.
    expect(told(`${group}    on_denied:\n    ${revoke.trimEnd().replace('\n', '\n    ')}\n`, policy)).toHaveLength(1);
  });

  it('that denies a verb always cannot use it', () => {
    expect(told(revoke, rule('{ verbs: [session.revoke] }', 'deny'))[0]).toContain('7:9 POLICY_DENIES');
    expect(told(revoke, rule('{ kinds: [user] }', 'deny'))[0]).toContain('Because.');
  });

  it.each([
    '{ tags: [vip] }',
    '{ criticality: [critical] }',
    '{ names: [eve] }',
    '{ severity_below: high }',
    '{ connectors: [okta] }',
    '{ kinds: [host] }',
  ])('nothing is said of a rule that may not hold: %s', (match) => {
    expect(told(revoke, rule(match, 'deny'))).toEqual([]);
  });

  it.each(['contain-compromised-account', 'malware-on-host', 'report-phishing'])('%s says itself what the shipped policy asks', (name) => {
    const text = readFileSync(new URL(`../../playbooks/${name}/playbook.yaml`, import.meta.url), 'utf8');
    expect(readPlaybook(text, name, trial.policy?.rules).diagnostics).toEqual([]);
  });
});
