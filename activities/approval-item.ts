// What a person approves, and the digest that binds the approval to exactly that.
import { createHash } from 'node:crypto';
import type { Json } from '../connectors/connector.ts';
import type { PerformItem } from '../engine/command.ts';
import { canonicalJson } from '../language/canonical.ts';
import type { Decision } from '../policy/policy.ts';
import type { ApprovalItemRecord } from '../store/approvals.ts';
import type { BoundRun } from '../store/runs.ts';
import type { Resolved } from './resolve-target.ts';

/** Versioned: another way to make the bytes is another version, and voids what was approved by the old one. */
const VERSION = 'cordon-approval-1';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Everything whose change must void an approval: plan, place, parameters, target, product and its configuration. */
export function itemDigest(run: BoundRun, item: PerformItem, resolved: Resolved): string {
  const { instance, target } = resolved;
  return sha256(
    canonicalJson({
      version: VERSION,
      plan: run.plan_digest,
      run: run.id,
      key: item.key,
      verb: item.verb,
      params: item.params,
      target: target ? { key: target.key, id: target.entity.id } : null,
      connector: { id: instance.id, fingerprint: instance.fingerprint },
    }),
  );
}

/** The bytes of a whole approval and their digest. */
export function approvalDigest(items: readonly { readonly key: string; readonly digest: string }[]): { canonical: string; digest: string } {
  const bytes = canonicalJson({ version: VERSION, items: items.map(({ key, digest }) => ({ key, digest })) });
  return { canonical: bytes, digest: sha256(bytes) };
}

/** The sentence of the action itself, with what was read before where it reads. */
export function sayOf(resolved: Resolved, before: Json | undefined): { says: string; saysUndo?: string } {
  const { action, input, target } = resolved;
  if (action.risk === 'read') return { says: action.verb };
  const says = 'done' in action ? action.says(input, target?.entity, before) : action.says(input, target?.entity);
  return action.risk === 'reversible' ? { says, saysUndo: action.saysUndo(input, target?.entity) } : { says };
}

export function approvalItem(
  run: BoundRun,
  item: PerformItem,
  resolved: Resolved,
  before: Json | undefined,
  decision: Decision,
): ApprovalItemRecord {
  const { action, instance, target } = resolved;
  const entry = target?.entry;
  return {
    key: item.key,
    digest: itemDigest(run, item, resolved),
    ...sayOf(resolved, before),
    verb: item.verb,
    risk: action.risk,
    connector: instance.id,
    simulated: instance.simulated,
    ...(target ? { entity: target.key, entityName: target.entity.name } : {}),
    // Of people only: who has one of these names may not approve it.
    ...(target?.entity.kind === 'user' ? { names: target.names } : {}),
    ...(item.why === undefined ? {} : { why: item.why }),
    params: item.params,
    ...(before === undefined ? {} : { before }),
    ...(entry?.owner === undefined ? {} : { owner: entry.owner }),
    ...(entry?.criticality === undefined ? {} : { criticality: entry.criticality }),
    tags: entry?.tags ?? [],
    dependents: entry?.dependents ?? [],
    policy: { effect: decision.effect, rule: decision.rule, reason: decision.reason },
  };
}
