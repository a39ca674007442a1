// May this effect happen? Pure: facts and rules in, a decision with the rule and the reason out.
import { whyForbidden } from './forbidden.ts';
import { isWithin } from './hours.ts';
import type { Decision, Facts, Limit, Match, Policy, Requirement, Rule } from './policy.ts';
import { stricter } from './roles.ts';

/** Deny beats ask, ask beats allow; several asks add up to the strictest of each. Without a rule that matches: allow. */
export function decide(policy: Policy, facts: Facts): Decision {
  const matching = heard(policy, facts);
  const deny = matching.find((rule) => rule.consequence.then === 'deny');
  if (deny) return { effect: 'deny', rule: deny.name, reason: deny.reason };
  const forbidden = whyForbidden(policy.forbidden, facts);
  if (forbidden) return { effect: 'deny', ...forbidden };
  const requirement = requirementOf(matching, facts);
  if (requirement) {
    const first = requirement.reasons[0];
    return { effect: 'ask', rule: first?.rule ?? '', reason: first?.reason ?? '', requirement };
  }
  const allow = matching.find((rule) => rule.consequence.then === 'allow');
  return { effect: 'allow', rule: allow?.name ?? 'default', reason: allow?.reason ?? 'no rule of the policy speaks against it' };
}

/** Every rule that speaks, in the order of the policy, and every limit that is full. */
export function heard(policy: Policy, facts: Facts): Rule[] {
  const rules = policy.rules.filter((rule) => matches(rule.match, facts));
  return [...rules, ...fullLimits(policy, facts).map(toRule)];
}

/** The limits under which this effect counts, whether or not they are full. */
export const limitsOf = (policy: Policy, facts: Omit<Facts, 'used'>): Limit[] =>
  policy.limits.filter((limit) => matches(limit.match, facts));

/** Those that leave it no place. */
export const fullLimits = (policy: Policy, facts: Facts): Limit[] =>
  limitsOf(policy, facts).filter((limit) => (facts.used[limit.name] ?? Number.POSITIVE_INFINITY) >= limit.atMost);

const toRule = ({ name, reason, match, consequence, atMost }: Limit): Rule => ({
  name,
  reason: `${reason} (${atMost} already)`,
  match,
  consequence,
});

function requirementOf(matching: readonly Rule[], facts: Facts): Requirement | undefined {
  let requirement: Requirement | undefined;
  if (facts.mode === 'ask' && facts.risk !== 'read') {
    const reason = 'this version of the playbook asks before every effect';
    requirement = { count: 1, role: 'responder', reasons: [{ rule: 'mode-ask', reason }] };
  }
  for (const rule of matching) {
    if (rule.consequence.then !== 'ask') continue;
    const { then: _, ...asking } = rule.consequence;
    requirement = mergeRequirements(requirement, { ...asking, reasons: [{ rule: rule.name, reason: rule.reason }] });
  }
  return requirement;
}

/** The stricter of both, with the reasons of both. */
export function mergeRequirements(a: Requirement | undefined, b: Requirement | undefined): Requirement | undefined {
  if (!a || !b) return a ?? b;
  const reasons = [
    ...a.reasons,
    ...b.reasons.filter((one) => !a.reasons.some((other) => other.rule === one.rule && other.reason === one.reason)),
  ];
  const stepUpMs = Math.min(a.stepUpMs ?? Number.POSITIVE_INFINITY, b.stepUpMs ?? Number.POSITIVE_INFINITY);
  return { count: Math.max(a.count, b.count), role: stricter(a.role, b.role), ...(Number.isFinite(stepUpMs) ? { stepUpMs } : {}), reasons };
}

function matches(match: Match, facts: Omit<Facts, 'used'>): boolean {
  const { target } = facts;
  const { outside, between } = match;
  return (
    within(match.verbs, [facts.verb]) &&
    within(match.risks, [facts.risk]) &&
    within(match.connectors, [facts.connector]) &&
    within(match.kinds, target ? [target.kind] : []) &&
    within(match.tags, target?.tags ?? []) &&
    within(match.groups, target?.groups ?? []) &&
    within(match.names, target?.names ?? []) &&
    within(match.criticality, target?.criticality === undefined ? [] : [target.criticality]) &&
    (match.severityBelow === undefined || facts.severityId < match.severityBelow) &&
    (outside === undefined || !isWithin(outside, facts.clocks[outside.zone])) &&
    (between === undefined || (facts.nowMs >= between.fromMs && facts.nowMs < between.toMs))
  );
}

/** No list asks for nothing; else one of it must be among what there is. */
const within = (wanted: readonly string[] | undefined, there: readonly string[]): boolean =>
  wanted === undefined || wanted.some((one) => there.includes(one));
