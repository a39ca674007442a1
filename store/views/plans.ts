// Plans as stored, and their steps in reading order.
import { sql } from 'kysely';
import type { Plan, Step } from '../../language/plan.ts';
import type { RunDetail } from '../../server/contract.ts';
import type { Db } from '../store.ts';
import { present } from './page.ts';

/** The plan that a run follows: its own (undo, hold) or the published version that it started with. */
export async function planOf(db: Db, runId: string): Promise<Plan | undefined> {
  const { rows } = await sql<{ plan: Plan | null }>`
    select coalesce(r.plan, v.plan::jsonb) as plan from runs r left join playbook_versions v on v.digest = r.plan_digest where r.id = ${runId}`.execute(
    db,
  );
  return rows[0]?.plan ?? undefined;
}

export function flattenPlan(steps: readonly Step[], depth = 0): RunDetail['plan'] {
  return steps.flatMap((step) => [
    {
      id: step.id,
      kind: step.kind,
      ...('verb' in step ? { verb: step.verb } : {}),
      ...present('note', step.note),
      ...(step.kind === 'stop' ? { ends: step.outcome } : {}),
      depth,
    },
    ...inside(step).flatMap((inner) => flattenPlan(inner, depth + 1)),
  ]);
}

/** Every list of steps within a step, whatever its kind. */
function inside(step: Step): readonly (readonly Step[])[] {
  const after = [step.onError, step.onDenied].filter((next): next is readonly Step[] => typeof next !== 'string');
  return [...own(step), ...after];
}

function own(step: Step): readonly (readonly Step[])[] {
  switch (step.kind) {
    case 'if':
      return [step.then, step.else];
    case 'switch':
      return [...step.cases.map((one) => one.steps), step.else];
    case 'call':
      return [step.callee.steps];
    case 'parallel':
      return step.branches;
    case 'group':
    case 'for_each':
    case 'repeat':
      return [step.steps];
    default:
      return [];
  }
}
