// A read: nothing is changed, so nothing is locked, decided or written before it; its record is for people.
import { ConnectorFailure, type ReadAction } from '../connectors/connector.ts';
import type { PerformItem } from '../engine/command.ts';
import { recordRead } from '../store/effects.ts';
import type { BoundRun } from '../store/runs.ts';
import { askProduct } from './ask-product.ts';
import type { PerformAnswer } from './contract.ts';
import type { ActivityDeps } from './deps.ts';
import { carried, ended } from './outcome.ts';
import type { Resolved } from './resolve-target.ts';

export interface ReadWork {
  readonly run: BoundRun;
  readonly item: PerformItem;
  readonly resolved: Resolved;
  readonly action: ReadAction<unknown, unknown, unknown>;
  readonly idempotencyKey: string;
  readonly signal: AbortSignal;
}

export async function performRead(deps: ActivityDeps, work: ReadWork): Promise<PerformAnswer> {
  const { action, item, resolved, run } = work;
  const context = { key: work.idempotencyKey, signal: work.signal, sending: () => undefined };
  const target = resolved.target;
  const ask = async () => await action.run(resolved.instance.client, resolved.input, context, target?.entity);
  const output = outputOf(action, await askProduct(deps, action.verb, ask));
  const identity = { runId: run.id, key: item.key, generation: 0, stepId: item.id, kind: 'do' as const };
  const facts = {
    verb: action.verb,
    risk: 'read',
    connector: resolved.instance.id,
    params: item.params,
    ...(target ? { entity: target.key, entityName: target.entity.name, entityId: target.entity.id } : {}),
  };
  await recordRead(deps.store.db, identity, facts, output);
  return ended({ outcome: 'read', output: carried(output, run.id, item.key), at: deps.now().toISOString() });
}

/** Playbooks rely on the shape that the verb promises. */
function outputOf(action: ReadWork['action'], answer: unknown): unknown {
  const parsed = action.output.safeParse(answer);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the answer'}: ${message}`);
  throw new ConnectorFailure('permanent', 'BAD_ANSWER', `${action.verb} promises another answer: ${where.slice(0, 3).join('; ')}`);
}
