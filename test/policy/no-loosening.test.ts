// Policy is never looser for what a playbook wishes, what an alert says, or what somebody sends through Temporal. For random ones of each.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { askedOf } from '../../activities/asked-of.ts';
import type { PlannedStep } from '../../activities/plan-step.ts';
import type { ApproveWish } from '../../engine/command.ts';
import { decide, mergeRequirements } from '../../policy/decide.ts';
import type { Decision, Facts, Limit, Match, Policy, Requirement, Rule } from '../../policy/policy.ts';
import { requirementOfWish } from '../../policy/requirement.ts';
import { ROLES } from '../../policy/roles.ts';
import { FACTS, POLICY, target } from './facts.ts';

const words = fc.constantFrom('host.isolate', 'user.disable', 'session.revoke');
const tags = fc.uniqueArray(fc.constantFrom('server', 'staff', 'vip'), { maxLength: 2 });
const match: fc.Arbitrary<Match> = fc.record(
  { verbs: fc.array(words, { minLength: 1, maxLength: 2 }), tags: fc.constant(['vip']) },
  { requiredKeys: [] },
);
const people = fc.record(
  { count: fc.integer({ min: 1, max: 4 }), role: fc.constantFrom(...ROLES), stepUpMs: fc.constantFrom(60_000, 300_000) },
  { requiredKeys: ['count', 'role'] },
);
const consequence = fc.oneof(
  fc.constant({ then: 'allow' as const }),
  fc.constant({ then: 'deny' as const }),
  people.map((who) => ({ then: 'ask' as const, ...who })),
);
const rule: fc.Arbitrary<Rule> = fc.record({ name: fc.stringMatching(/^[a-z]{3,8}$/), reason: fc.constant('made up'), match, consequence });
const limit: fc.Arbitrary<Limit> = fc.record({
  name: fc.constantFrom('few', 'many'),
  reason: fc.constant('made up'),
  match: fc.constant({}),
  atMost: fc.integer({ min: 0, max: 5 }),
  withinMs: fc.constant(1000),
  consequence: fc.oneof(
    fc.constant({ then: 'deny' as const }),
    people.map((who) => ({ then: 'ask' as const, ...who })),
  ),
});
const policies: fc.Arbitrary<Policy> = fc
  .record({ rules: fc.array(rule, { maxLength: 5 }), limits: fc.array(limit, { maxLength: 2 }) })
  .map((one) => ({ ...POLICY, ...one }));
const facts: fc.Arbitrary<Facts> = fc.record({ verb: words, tags, few: fc.nat(5), many: fc.nat(5) }).map((one) => ({
  ...FACTS,
  verb: one.verb,
  target: target('user', ['user-1'], one.tags),
  used: { few: one.few, many: one.many },
}));

/** Higher is stricter, in each part: how many people, of which role, how freshly proven. */
const parts = (requirement: Requirement | undefined) =>
  [
    requirement?.count ?? 0,
    requirement ? ROLES.indexOf(requirement.role) : -1,
    -(requirement?.stepUpMs ?? Number.POSITIVE_INFINITY),
  ] as const;
const needs = (decision: Decision) => (decision.effect === 'ask' ? decision.requirement : undefined);
function expectNotLooser(now: Decision, before: Decision): void {
  if (before.effect === 'deny') expect(now.effect).toBe('deny');
  else if (now.effect !== 'deny')
    for (const [at, part] of parts(needs(before)).entries()) expect(parts(needs(now))[at]).toBeGreaterThanOrEqual(part);
}

const wish: fc.Arbitrary<ApproveWish> = fc.record({
  by: fc.record(
    { count: fc.integer({ min: 0, max: 9 }), role: fc.constantFrom('viewer', 'responder', 'nobody', '__proto__') },
    { requiredKeys: ['count'] },
  ),
  withinMs: fc.integer(),
  remindMs: fc.constant([]),
});

describe('policy cannot be loosened', () => {
  it('by what a playbook wishes: at the effect both are asked for', () => {
    fc.assert(
      fc.property(policies, facts, fc.option(wish, { nil: undefined }), (policy, about, wanted) => {
        const decision = decide(policy, about);
        const asked = mergeRequirements(requirementOfWish(wanted), needs(decision));
        for (const [at, part] of parts(needs(decision)).entries()) expect(parts(asked)[at]).toBeGreaterThanOrEqual(part);
      }),
    );
  });

  it('by what an alert says: how severe it claims to be, and when, changes nothing that a rule does not name', () => {
    fc.assert(
      fc.property(policies, facts, fc.nat(6), fc.nat(6), fc.nat(), (policy, about, one, other, nowMs) => {
        expect(decide(policy, { ...about, severityId: one, nowMs })).toEqual(decide(policy, { ...about, severityId: other, nowMs: 0 }));
      }),
    );
  });

  it('by more that is known of a target: another tag, group or name never makes it freer', () => {
    fc.assert(
      fc.property(policies, facts, tags, (policy, about, more) => {
        if (!about.target) return;
        const known = {
          ...about,
          target: { ...about.target, tags: [...about.target.tags, ...more], names: [...about.target.names, ...more] },
        };
        expectNotLooser(decide(policy, known), decide(policy, about));
      }),
    );
  });

  it('by effects that were begun: the fuller a limit, the stricter; one that nobody has counted is full', () => {
    fc.assert(
      fc.property(policies, facts, fc.nat(5), (policy, about, more) => {
        const used = { few: (about.used.few ?? 0) + more, many: (about.used.many ?? 0) + more };
        expectNotLooser(decide(policy, { ...about, used }), decide(policy, about));
        expectNotLooser(decide(policy, { ...about, used: {} }), decide(policy, about));
      }),
    );
  });

  it('by whoever can reach Temporal: what is sent for a step cannot change who must say yes, how many, or for how long', () => {
    const by = fc.oneof(
      fc.record({ role: fc.constantFrom('responder', 'admin'), count: fc.integer({ min: 1, max: 3 }) }),
      fc.record({ group: fc.constant('soc'), count: fc.integer({ min: 1, max: 3 }) }),
      fc.record({ person: fc.constant({ kind: 'text', text: 'eve' }), count: fc.constant(1) }),
    );
    const forged = fc.record(
      {
        approve: fc.record({
          by: fc.record(
            {
              role: fc.constant('viewer'),
              group: fc.constant('friends'),
              oncall: fc.constant('mine'),
              person: fc.constant('mallory'),
              count: fc.constantFrom(0, 1, -1),
            },
            { requiredKeys: ['count'] },
          ),
          withinMs: fc.constant(1e12),
          remindMs: fc.constant([]),
        }),
        gate: fc.string(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(by, fc.boolean(), forged, (who, waivable, sent) => {
        const approve = { by: who, withinMs: 60_000, remindMs: [], ...(waivable ? { unless: 'steps.x.score > 90' } : {}) };
        const planned = {
          step: { kind: 'do', id: 'isolate', verb: 'host.isolate' },
          approve,
          approveAt: 'isolate',
        } as unknown as PlannedStep; // only these are read
        const asked = askedOf(planned, sent as Parameters<typeof askedOf>[1]); // as it comes: anything
        if (!asked.wish) {
          expect(waivable && sent.approve === undefined && sent.gate === undefined).toBe(true);
          return;
        }
        const { person, ...rest } = asked.wish.by;
        const { person: planned_, ...own } = who as { person?: unknown; count: number };
        expect(rest).toEqual(own);
        if (planned_ === undefined) expect(person).toBeUndefined();
        expect(asked.wish.withinMs).toBe(60_000);
        expect(asked.gate).toBeUndefined();
      }),
    );
  });
});
