// Who must say yes, by the stored plan. What the run sends comes through Temporal, and can only fill in a person's name or waive what may be waived.
import type { ApproveWish, RenderedEscalation, RenderedPeople } from '../engine/command.ts';
import { escalationsOf } from '../language/escalations.ts';
import type { Approve, Escalation, People } from '../language/plan.ts';
import { type Directory, reachable } from '../policy/addressed.ts';
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
  return { wish: wishOf(approve, input.approve), ...(input.gate !== undefined && approveAt !== step.id ? { gate: input.gate } : {}) };
}

/** The plan's own wish; `sent` gives the names of people that had to be rendered in the run, and nothing else. */
export function wishOf(approve: Approve, sent: ApproveWish | undefined): ApproveWish {
  const { count, ...by } = approve.by;
  const rendered = (one: Escalation, was: RenderedEscalation | undefined) => ({ afterMs: one.afterMs, to: peopleOf(one.to, was?.to) });
  return {
    by: { ...peopleOf(by, sent?.by), count },
    withinMs: approve.withinMs,
    remindMs: approve.remindMs,
    ...(approve.escalate ? { escalate: rendered(approve.escalate, sent?.escalate) } : {}),
    ...(approve.escalateNext ? { escalateNext: approve.escalateNext.map((one, index) => rendered(one, sent?.escalateNext?.[index])) } : {}),
  };
}

/** Who else is asked, when; a group or rota that names nobody here is everyone of the role. */
export const chainOf = (directory: Directory, wish: ApproveWish, role: string) =>
  escalationsOf(wish).map(({ afterMs, to }) => ({
    afterMs,
    to: reachable(directory, to, role).to,
  }));

/** A plan that names nobody gets nobody from the run, and a name that is written out in it is that name. */
function peopleOf({ person: written, ...named }: People, sent: RenderedPeople | undefined): RenderedPeople {
  if (written === undefined) return named;
  // Where it is missing nobody is meant: that it was left out must not put it to everybody.
  return { ...named, person: 'lit' in written && typeof written.lit === 'string' ? written.lit : (sent?.person ?? '') };
}
