// What is known about one effect when policy is asked: from the plan's verb, the target as it was resolved, the run's record and the clocks.
import { readClocks, WALL_CLOCK } from '../policy/hours.ts';
import { type Inventory, protectionOf } from '../policy/inventory.ts';
import type { Decision, Facts } from '../policy/policy.ts';
import type { BoundRun } from '../store/runs.ts';
import type { ActivityDeps } from './deps.ts';
import type { Resolved } from './resolve-target.ts';

/** All but how full the limits are: that is read under their locks. */
export type FactsBefore = Omit<Facts, 'used'>;

export function factsOf(
  deps: Pick<ActivityDeps, 'now' | 'policy' | 'ourselves' | 'inventory'>,
  run: BoundRun,
  resolved: Resolved,
): FactsBefore {
  const { action, instance, target } = resolved;
  const now = deps.now();
  const show = (timeZone: string) => new Intl.DateTimeFormat('en-GB', { ...WALL_CLOCK, timeZone }).format(now);
  return {
    verb: action.verb,
    risk: action.risk,
    connector: instance.id,
    mode: run.mode === 'observe' || run.mode === 'ask' ? run.mode : 'act',
    severityId: run.severity_id,
    ...(target ? { target: targetFacts(deps.inventory(), target) } : {}),
    nowMs: now.getTime(),
    clocks: readClocks(deps.policy().zones, show),
    requester: run.requester,
    breakGlass: run.break_glass,
    ourselves: deps.ourselves(),
  };
}

const targetFacts = (inventory: Inventory, target: NonNullable<Resolved['target']>): NonNullable<Facts['target']> => ({
  kind: target.entity.kind,
  key: target.key,
  names: target.names,
  ...protectionOf(inventory, target.entity.kind, target.names, target.entry),
});

export interface DecisionRecord {
  readonly effect: Decision['effect'];
  readonly rule: string;
  readonly reason: string;
  /** Digest of the policy. */
  readonly policy: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** A decision as it is kept with the effect: by which policy, and from which facts. */
export const recordOf = (decision: Decision, facts: Facts, policyDigest: string): DecisionRecord => ({
  effect: decision.effect,
  rule: decision.rule,
  reason: decision.reason,
  policy: policyDigest,
  facts: {
    tags: facts.target?.tags ?? [],
    ...(facts.target?.criticality === undefined ? {} : { criticality: facts.target.criticality }),
    severityId: facts.severityId,
    mode: facts.mode,
    ...(Object.keys(facts.used).length === 0 ? {} : { used: facts.used }),
    ...(Object.keys(facts.clocks).length === 0 ? {} : { clocks: facts.clocks }),
  },
});
