// Policy in a simulated run: the same rules and the same decision as at the effect in production, with the facts that are known without any product.

import type { ApproveWish, PerformItem } from '../engine/command.ts';
import type { Judge, PolicyWord } from '../engine/simulation/simulation.ts';
import { own } from '../language/own.ts';
import type { Json } from '../language/plan.ts';
import { VERBS } from '../language/verbs.ts';
import { decide, limitsOf, mergeRequirements } from '../policy/decide.ts';
import { type Inventory, mergeEntries, protectionOf } from '../policy/inventory.ts';
import type { Decision, Facts, Policy, Requirement } from '../policy/policy.ts';
import { requirementOfWish } from '../policy/requirement.ts';

export interface JudgeGround {
  readonly policy: Policy;
  readonly inventory: Inventory;
  readonly mode: Facts['mode'];
  readonly severityId: number;
}

export function judgeBy(ground: JudgeGround): Judge {
  // Of this run alone: what other runs have used is not known here.
  const used: Record<string, number> = Object.fromEntries(ground.policy.limits.map(({ name }) => [name, 0]));
  return {
    effect: (item, wish, isCovered) => {
      const facts = factsOf(item, ground, used);
      const decision = decide(ground.policy, facts);
      const policy = { effect: decision.effect, rule: decision.rule, reason: decision.reason };
      if (decision.effect === 'deny') return { ...denial(decision), policy };
      takePlace(used, ground, facts);
      const asked = decision.effect === 'ask' ? decision.requirement : undefined;
      const approve = isCovered ? undefined : approveOf(mergeRequirements(requirementOfWish(wish), asked), wish, ground);
      return { kind: 'allow', policy, ...(approve ? { approve } : {}) };
    },
    gate: (items, wish) => {
      // What comes before it in the group takes its places first.
      const taken = { ...used };
      const decisions = items
        .filter((item) => riskOf(item) !== 'read')
        .map((item) => {
          const facts = factsOf(item, ground, taken);
          const decision = decide(ground.policy, facts);
          if (decision.effect !== 'deny') takePlace(taken, ground, facts);
          return decision;
        });
      const [first] = decisions;
      if (first && decisions.every((one) => one.effect === 'deny')) return denial(first);
      const asked = decisions.map((one) => (one.effect === 'ask' ? one.requirement : undefined));
      const approve = approveOf(asked.reduce(mergeRequirements, requirementOfWish(wish)), wish, ground);
      return { kind: 'allow', ...(approve ? { approve } : {}) };
    },
  };
}

function takePlace(used: Record<string, number>, { policy }: JudgeGround, facts: Facts): void {
  for (const { name } of limitsOf(policy, facts)) used[name] = (own(used, name) ?? 0) + 1;
}

const denial = ({ rule, reason }: Decision): Extract<PolicyWord, { kind: 'deny' }> => ({
  kind: 'deny',
  code: 'POLICY_DENIED',
  message: `refused by ${rule}: ${reason}`,
});

/** The playbook's own way of asking, with as many people as policy wants. */
function approveOf(requirement: Requirement | undefined, wish: ApproveWish | undefined, { policy }: JudgeGround): ApproveWish | undefined {
  if (!requirement) return undefined;
  const { count, role } = requirement;
  if (wish) return { ...wish, by: { ...wish.by, count } };
  return { by: { role, count }, withinMs: policy.approvalWithinMs, remindMs: [] };
}

const riskOf = (item: PerformItem): Facts['risk'] => own(VERBS, item.verb)?.risk ?? 'destructive';

function factsOf(item: PerformItem, { inventory, mode, severityId }: JudgeGround, used: Facts['used']): Facts {
  const about = own(VERBS, item.verb);
  const param = about?.target === undefined ? undefined : about.params[about.target];
  const value = about?.target === undefined ? undefined : item.params[about.target];
  const facts = { ...NOWHERE, verb: item.verb, risk: riskOf(item), connector: item.via ?? '', mode, severityId, used };
  if (!param || value === undefined) return facts;
  const names = namesOf(param.type, value);
  const entries = inventory.find(param.type, names);
  const entry = entries[0] && entries.length > 1 ? mergeEntries(entries[0], entries) : entries[0];
  const all = [...new Set([...names, ...(entry?.aliases ?? []), ...(entry ? [canonical(entry.name)] : [])])];
  const key = entry?.key ?? `${param.type}:${names[0] ?? ''}`;
  return { ...facts, target: { kind: param.type, key, names: all, ...protectionOf(inventory, param.type, all, entry) } };
}

/** A simulated run has no calendar, no machine and nobody who started it; nothing happened before it. */
const NOWHERE = { nowMs: 0, clocks: {}, requester: [], breakGlass: [], ourselves: [] } as const;

/** As all parts compare names. */
const canonical = (text: string): string => text.normalize('NFC').toLowerCase();

/** A person's display name identifies nobody: two may share it. */
function namesOf(type: string, value: Json): readonly string[] {
  if (typeof value === 'string') return [canonical(value)];
  if (typeof value !== 'object' || value === null) return [];
  const members = new Map(Object.entries(value));
  const keys = type === 'user' ? ['id', 'email'] : ['id', 'name', 'ip', 'sha256'];
  return keys.flatMap((key) => {
    const text = members.get(key);
    return typeof text === 'string' && text !== '' ? [canonical(text)] : [];
  });
}
