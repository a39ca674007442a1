// What no rule file may ever do: loosen by adding, depend on its order, or let a target slip through by its spelling.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decide, mergeRequirements } from '../../policy/decide.ts';
import type { Consequence, Decision, Facts, Match, Policy, Rule } from '../../policy/policy.ts';
import { ROLES } from '../../policy/roles.ts';

const tags = ['domain-controller', 'server', 'staff', 'break-glass'];
const verbs = ['host.isolate', 'user.disable', 'session.revoke'];
const some = <T>(of: readonly T[]) => fc.uniqueArray(fc.constantFrom(...of), { minLength: 1, maxLength: 3 });

const match: fc.Arbitrary<Match> = fc.record(
  {
    verbs: some(verbs),
    risks: some(['reversible', 'destructive'] as const),
    kinds: some(['user', 'host']),
    tags: some(tags),
    criticality: some(['low', 'critical'] as const),
    names: some(['wks-007', 'dc-01']),
    severityBelow: fc.integer({ min: 1, max: 6 }),
  },
  { requiredKeys: [] },
);
const consequence: fc.Arbitrary<Consequence> = fc.oneof(
  fc.constant<Consequence>({ then: 'allow' }),
  fc.constant<Consequence>({ then: 'deny' }),
  fc.record({ then: fc.constant('ask' as const), count: fc.integer({ min: 1, max: 4 }), role: fc.constantFrom(...ROLES) }),
);
const rule: fc.Arbitrary<Rule> = fc.record({ name: fc.stringMatching(/^[a-z]{3,8}$/), reason: fc.constant('made up'), match, consequence });
const facts: fc.Arbitrary<Facts> = fc.record({
  verb: fc.constantFrom(...verbs),
  risk: fc.constantFrom('reversible' as const, 'destructive' as const),
  connector: fc.constant('edr'),
  mode: fc.constantFrom('ask' as const, 'act' as const),
  severityId: fc.integer({ min: 0, max: 6 }),
  target: fc.record({
    kind: fc.constantFrom('user', 'host'),
    key: fc.constant('host:wks-007'),
    names: some(['wks-007', 'dc-01', 'wks-008']),
    tags: some(tags),
    criticality: fc.constantFrom('low', 'medium', 'high', 'critical'),
  }),
  nowMs: fc.integer({ min: 0, max: 1000 }),
  clocks: fc.constant({}),
  used: fc.constant({}),
  requester: fc.constant([]),
  breakGlass: fc.constant([]),
  ourselves: fc.constant([]),
});
const none = { limits: [], forbidden: { tags: [], names: [], networks: [], domains: [] }, zones: [] } as const;
const policyOf = (rules: readonly Rule[]): Policy => ({ ...none, digest: 'made-up', rules, approvalUseByMs: 1, approvalWithinMs: 1 });
const rest = { nowMs: 0, clocks: {}, used: {}, requester: [], breakGlass: [], ourselves: [] } as const;

/** Higher is stricter: how many people of how high a role, or nobody at all. */
function strictness(decision: Decision): number {
  if (decision.effect === 'deny') return Number.POSITIVE_INFINITY;
  return decision.effect === 'ask' ? 1 + decision.requirement.count * 10 + ROLES.indexOf(decision.requirement.role) : 0;
}

describe('policy', () => {
  it('is never loosened by one more rule', () => {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 6 }), rule, facts, (rules, more, about) => {
        const before = decide(policyOf(rules), about);
        const after = decide(policyOf([...rules, more]), about);
        expect(strictness(after)).toBeGreaterThanOrEqual(strictness(before));
      }),
    );
  });

  it('asks and denies the same whatever the order of its rules', () => {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 6 }), facts, (rules, about) => {
        expect(strictness(decide(policyOf([...rules].reverse()), about))).toBe(strictness(decide(policyOf(rules), about)));
      }),
    );
  });

  it('names the rule and the reason of what it decides', () => {
    const deny: Rule = {
      name: 'protect-dc',
      reason: 'made-up reason',
      match: { tags: ['domain-controller'] },
      consequence: { then: 'deny' },
    };
    const about = { verb: 'host.isolate', risk: 'reversible', connector: 'edr', mode: 'act', severityId: 5, ...rest } as const;
    const target = { kind: 'host', key: 'host:dc-01', names: ['dc-01'], tags: ['domain-controller'] };
    expect(decide(policyOf([deny]), { ...about, target })).toEqual({ effect: 'deny', rule: 'protect-dc', reason: 'made-up reason' });
    expect(decide(policyOf([deny]), { ...about, target: { ...target, tags: [] } })).toMatchObject({ effect: 'allow' });
    expect(decide(policyOf([deny]), about)).toMatchObject({ effect: 'allow' });
  });

  it('a mode that asks asks before every effect, and an allow rule does not take that away', () => {
    const allow: Rule = { name: 'allow-all', reason: 'made up', match: {}, consequence: { then: 'allow' } };
    const about = { verb: 'user.disable', risk: 'reversible', connector: 'idp', mode: 'ask', severityId: 1, ...rest } as const;
    expect(decide(policyOf([allow]), about)).toMatchObject({ effect: 'ask', requirement: { count: 1, role: 'responder' } });
  });

  it('two requirements are merged to the stricter of each, with the reasons of both', () => {
    const merged = mergeRequirements(
      { count: 3, role: 'analyst', reasons: [{ rule: 'a', reason: '1' }] },
      { count: 1, role: 'admin', reasons: [{ rule: 'b', reason: '2' }] },
    );
    expect(merged).toEqual({
      count: 3,
      role: 'admin',
      reasons: [
        { rule: 'a', reason: '1' },
        { rule: 'b', reason: '2' },
      ],
    });
  });
});
