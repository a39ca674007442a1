// What a time of a schedule leads to. Pure: what is open, and how late it is, come in as data.
import type { ScheduleTrigger } from '../language/plan.ts';

export interface TickWorld {
  /** Since it should have started, ms. */
  readonly lateMs: number;
  /** The schedule is younger than this time, or was paused then. */
  readonly isBefore: boolean;
  readonly isPaused: boolean;
  /** A run that this schedule has started is open. */
  readonly isOpen: boolean;
  /** One start waits already for that run's end. */
  readonly hasBuffered: boolean;
  /** This one has waited for a run's end: how late it is does not matter any more. */
  readonly wasBuffered: boolean;
}

export type TickDecision =
  | { readonly kind: 'start'; readonly cancelsOpen: boolean; readonly reason: string }
  | { readonly kind: 'skipped' | 'buffered' | 'missed'; readonly reason: string };

/** Temporal's timers and a busy worker make every start a little late. */
const ALWAYS_IN_TIME_MS = 60_000;

export function decideTick(trigger: Pick<ScheduleTrigger, 'overlap' | 'catchupMs'>, world: TickWorld): TickDecision {
  if (world.isPaused) return { kind: 'skipped', reason: 'the schedule is paused' };
  if (world.isBefore) return { kind: 'missed', reason: 'the schedule is younger than this time' };
  if (!world.wasBuffered && world.lateMs > Math.max(trigger.catchupMs, ALWAYS_IN_TIME_MS))
    return {
      kind: 'missed',
      reason: `missed by ${Math.round(world.lateMs / 60_000)} minutes, and caught up within ${Math.round(trigger.catchupMs / 60_000)}`,
    };
  if (!world.isOpen || trigger.overlap === 'allow_all') return { kind: 'start', cancelsOpen: false, reason: 'it is time' };
  if (trigger.overlap === 'cancel_other') return { kind: 'start', cancelsOpen: true, reason: 'it is time; the run before is cancelled' };
  if (trigger.overlap === 'skip') return { kind: 'skipped', reason: 'the run before is still open (overlap: skip)' };
  return world.hasBuffered
    ? { kind: 'skipped', reason: 'one start waits already for the run before (overlap: buffer_one)' }
    : { kind: 'buffered', reason: 'waits for the end of the run before (overlap: buffer_one)' };
}
