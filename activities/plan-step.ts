// What the plan says of a step: looked up in the store's plan, never taken from what the run sent.
import type { PerformItem } from '../engine/command.ts';
import { placedStep } from '../language/approve-over.ts';
import type { Approve, DoStep, Plan } from '../language/plan.ts';

export interface PlannedStep {
  readonly step: DoStep;
  /** The decision that the plan puts before it. */
  readonly approve?: Approve;
  /** Step id that carries it. */
  readonly approveAt?: string;
}

/** The step that does this by the plan; undefined when the plan has no such step with that verb. */
export function plannedStep(plan: Plan, item: PerformItem): PlannedStep | undefined {
  const { step, over } = placedStep(plan.steps, item.id) ?? {};
  if (step?.kind !== 'do' || step.verb !== item.verb || step.via !== item.via) return undefined;
  return { step, ...(over ? { approve: over.approve, approveAt: over.at } : {}) };
}

/** What people are asked by the plan before everything in this step; undefined when the plan has no such step, or it asks nobody. */
export function plannedApprove(plan: Plan, id: string): Approve | undefined {
  const over = placedStep(plan.steps, id)?.over;
  return over?.at === id ? over.approve : undefined;
}
