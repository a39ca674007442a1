// Made-up facts about one effect, for tests of decisions.
import type { Facts, Policy } from '../../policy/policy.ts';

export const POLICY: Policy = {
  digest: 'made-up',
  rules: [],
  limits: [],
  forbidden: { tags: ['cordon', 'break-glass'], names: [], networks: [], domains: [] },
  zones: [],
  approvalUseByMs: 1,
  approvalWithinMs: 1,
};

export const FACTS: Facts = {
  verb: 'user.disable',
  risk: 'reversible',
  connector: 'idp',
  mode: 'act',
  severityId: 4,
  nowMs: 0,
  clocks: {},
  used: {},
  requester: [],
  breakGlass: [],
  ourselves: [],
};

export const target = (kind: string, names: readonly string[], tags: readonly string[] = []) => ({
  kind,
  key: `${kind}:${names[0] ?? ''}`,
  names,
  tags,
});
