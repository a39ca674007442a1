// Observe mode: everything up to the request is real (the target is resolved and read, policy is asked), and then it is only written down.
import type { Json } from '../connectors/connector.ts';
import type { PerformItem, StepResult } from '../engine/command.ts';
import { decide, limitsOf } from '../policy/decide.ts';
import { recordEnding } from '../store/effects.ts';
import type { BoundRun } from '../store/runs.ts';
import { sayOf } from './approval-item.ts';
import { askProduct } from './ask-product.ts';
import type { ActivityDeps } from './deps.ts';
import { factsOf, recordOf } from './facts.ts';
import type { Resolved } from './resolve-target.ts';

interface Observed {
  readonly run: BoundRun;
  readonly item: PerformItem;
  readonly resolved: Resolved;
  readonly signal: AbortSignal;
}

/** `would`, with what policy would have said; `already` where there would have been nothing to do. Nothing is locked, counted or held. */
export async function observe(deps: ActivityDeps, { run, item, resolved, signal }: Observed): Promise<StepResult> {
  const { action, instance, target, input } = resolved;
  let before: Json | undefined;
  let already = false;
  if (action.risk !== 'read' && action.delivery === 'readable') {
    const context = { key: `${run.id}.${item.id}.look`, signal, sending: () => undefined };
    const look = async () => await action.read(instance.client, input, target?.entity, context);
    before = await askProduct(deps, action.verb, look);
    already = action.done(before, input);
  }
  const policy = deps.policy();
  const known = factsOf(deps, run, resolved);
  // What is only observed takes no place of a limit, and finds none taken.
  const facts = { ...known, used: Object.fromEntries(limitsOf(policy, known).map((limit) => [limit.name, 0])) };
  const outcome = already ? 'already' : 'would';
  await recordEnding(
    deps.store.db,
    {
      identity: { runId: run.id, key: item.key, generation: 0, stepId: item.id, kind: 'do' },
      facts: {
        verb: action.verb,
        risk: action.risk,
        connector: instance.id,
        params: item.params,
        ...(item.why === undefined ? {} : { why: item.why }),
        ...(target ? { entity: target.key, entityName: target.entity.name, entityId: target.entity.id } : {}),
        says: sayOf(resolved, before).says,
      },
      incidentId: run.incident_id,
      outcome,
      recovered: false,
      decision: recordOf(decide(policy, facts), facts, policy.digest),
      ...(before === undefined ? {} : { before }),
    },
    deps.now(),
  );
  deps.store.wake('runs');
  return { outcome };
}
