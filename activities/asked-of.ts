// Who must say yes, by the stored plan. What the run sends comes through Temporal, and can only fill in a person's name or waive what may be waived.
import type { ApproveWish } from '../engine/command.ts';
import type { PerformInput } from './contract.ts';
import type { PlannedStep } from './plan-step.ts';

export interface Asked {
  readonly wish?: ApproveWish;
  /** Key of the group's gate that may cover it. */
  readonly gate?: string;
}

export function askedOf(planned: PlannedStep, input: Pick<PerformInput, 'approve' | 'gate'>): Asked {
  const { approve, approveAt, step } = planned;
  if (!approve) return {};
  const waived = approve.unless !== undefined && input.approve === undefined && input.gate === undefined;
  if (waived) return {};
  const { person: _written, ...by } = approve.by;
  // Its template was rendered in the run; a plan that names nobody gets nobody from there.
  const person = approve.by.person === undefined ? undefined : input.approve?.by.person;
  const wish: ApproveWish = {
    by: { ...by, ...(person === undefined ? {} : { person }) },
    withinMs: approve.withinMs,
    remindMs: approve.remindMs,
    ...(input.approve?.escalate && approve.escalate ? { escalate: { ...input.approve.escalate, afterMs: approve.escalate.afterMs } } : {}),
  };
  return { wish, ...(input.gate !== undefined && approveAt !== step.id ? { gate: input.gate } : {}) };
}
