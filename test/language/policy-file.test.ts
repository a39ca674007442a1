import { describe, expect, it } from '@jest/globals';
import { readPolicy } from '../../language/policy/read-policy.ts';
import { POLICY_KNOWLEDGE } from '../../policy/knowledge.ts';

const read = (text: string) => readPolicy(text, 'policy.yaml', { ...POLICY_KNOWLEDGE, isZone: (zone) => zone === 'Europe/Berlin' });
const said = (text: string) =>
  read(text).diagnostics.map((one) => `${one.line}:${one.column} ${one.code} ${one.message}${one.hint ? ` = ${one.hint}` : ''}`);

describe('policy.yaml', () => {
  it('says all that is wrong at once, each with its place and what was meant', () => {
    const found = said(`rules:
  - name: one
    reason: Because.
    match: { verbs: [host.isolat], outside: offise }
    then: deny
  - name: one
    reason: Because.
    mach: {}
    then: denied
limits:
  - { name: default, reason: x, at_most: -1, within: 1h, then: deny }
  - { name: default, reason: x, at_most: 1, within: soon, then: allow }
freezes:
  - { name: f, reason: x, from: "2026-12-20", to: "2027-01-02T00:00:00Z" }
  - { name: g, reason: x, from: "2027-12-20T00:00:00Z", to: "2027-01-02T00:00:00Z" }
hours:
  office: { zone: Europe/Berlin, from: "08:00", to: "18:00" }
  moon: { zone: Luna/Tycho, from: "8", to: "18:00" }
  mars: { zone: Luna/Tycho, from: "08:00", to: "18:00" }
forbidden: { networks: [10.0.0.1/8] }
approvals: { within: soon }
`);
    expect(found).toEqual([
      expect.stringMatching(/^4:22 VERB_UNKNOWN .*host\.isolat.*did you mean `host\.isolate`/),
      expect.stringMatching(/^4:45 NAME_UNKNOWN .*offise.*did you mean `office`/),
      expect.stringMatching(/^8:5 KEY_UNKNOWN .*`mach`.*did you mean `match`/),
      expect.stringMatching(/^9:11 VALUE_TYPE/),
      expect.stringMatching(/^11:42 VALUE_INVALID/),
      expect.stringMatching(/^12:\d+ VALUE_/),
      expect.stringMatching(/^12:\d+ VALUE_/),
      expect.stringMatching(/^14:33 VALUE_INVALID .*no instant/),
      expect.stringMatching(/^15:61 TIME_ORDER/),
      expect.stringMatching(/^18:\d+ VALUE_INVALID/),
      expect.stringMatching(/^19:17 VALUE_UNKNOWN .*Luna\/Tycho/),
      expect.stringMatching(/^20:25 VALUE_INVALID .*10\.0\.0\.1\/8/),
      expect.stringMatching(/^21:22 VALUE_INVALID/),
    ]);
    expect(read('rules: []\nlimits: [{ name: default, reason: x, at_most: 1, within: 1h, then: deny }]').diagnostics).toMatchObject([
      { code: 'NAME_INVALID', line: 2 },
    ]);
  });

  it.each([
    ['rules:\n  - name: on\n    reason: no\n    then: deny\n    then: allow', 'YAML_DUPLICATE_KEY'],
    ['rules: *all', 'YAML_ALIAS'],
    ['rules: !!set {}', 'YAML_TAG'],
    ['--- \nrules: []\n---\nrules: []', 'YAML_DOCUMENTS'],
    ['[]', 'VALUE_TYPE'],
    ['rules: {}', 'VALUE_TYPE'],
    [`rules: ${'['.repeat(3000)}`, 'YAML_TOO_DEEP'],
  ])('%s is refused', (text, code) => {
    const { policy, diagnostics } = read(text);
    expect(policy).toBeUndefined();
    expect(diagnostics.map((one) => one.code)).toContain(code);
  });

  it('is what it says: limits without verbs are about containment, tiers and freezes are rules', () => {
    const { policy } = read(`
limits: [{ name: l, reason: x, at_most: 5, within: 10m, then: { ask: { role: admin, count: 2 } } }]
freezes: [{ name: f, reason: x, from: "2026-12-20T00:00:00+01:00", to: "2026-12-21T00:00:00+01:00" }]
tiers: { destructive: { role: responder, count: 2 } }
hours: { office: { zone: Europe/Berlin, days: [mon], from: "22:00", to: "06:00" } }
forbidden: { tags: [VIP] }
`);
    expect(policy).toMatchObject({
      limits: [
        {
          match: { risks: ['reversible', 'destructive'] },
          atMost: 5,
          withinMs: 600_000,
          consequence: { then: 'ask', role: 'admin', count: 2 },
        },
      ],
      rules: [
        { name: 'f', consequence: { then: 'deny' }, match: { between: { fromMs: Date.parse('2026-12-19T23:00:00Z') } } },
        { name: 'tier-destructive', consequence: { then: 'ask', count: 2 } },
      ],
      forbidden: { tags: ['vip'] },
      zones: ['Europe/Berlin'],
    });
    const proof = read(
      'rules: [{ name: a, reason: x, then: { ask: { role: admin, step_up: 5m } } }]\napprovals: { author_may_approve: true }',
    ).policy;
    expect(proof?.rules[0]?.consequence).toEqual({ then: 'ask', role: 'admin', count: 1, stepUpMs: 300_000 });
    expect(proof?.authorMayApprove).toBe(true);
    expect(read('rules: []').policy?.authorMayApprove).toBeUndefined();
    expect(read('rules: []').policy?.forbidden.tags).toEqual(['cordon', 'break-glass']);
  });
});
