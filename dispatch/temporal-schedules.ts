// What dispatch asks of Temporal about schedules. The note holds the digest of the trigger that one was made of, so that a change is seen.
import { ScheduleAlreadyRunning, type ScheduleClient, ScheduleNotFoundError, ScheduleOverlapPolicy } from '@temporalio/client';
import type { ScheduleTrigger } from '../language/plan.ts';
import { TASK_QUEUE, TICK_WORKFLOW_TYPE, type TickInput, temporalScheduleId, tickWorkflowId } from '../workflows/contract.ts';

export interface ScheduleState {
  readonly spec: string;
  readonly paused: boolean;
}

export interface TemporalSchedules {
  /** Undefined: Temporal has no such schedule. */
  describe(id: string): Promise<ScheduleState | undefined>;
  create(id: string, trigger: ScheduleTrigger, state: ScheduleState): Promise<void>;
  update(id: string, trigger: ScheduleTrigger, state: ScheduleState): Promise<void>;
  backfill(id: string, from: Date, to: Date): Promise<void>;
  remove(id: string): Promise<void>;
}

/** What of the client is used. */
export type SchedulesOfClient = Pick<ScheduleClient, 'create' | 'getHandle'>;

const NOTE = 'Made by Cordon from a published playbook';

export function temporalSchedules(client: SchedulesOfClient): TemporalSchedules {
  const handle = (id: string) => client.getHandle(temporalScheduleId(id));
  return {
    async describe(id) {
      try {
        const { state } = await handle(id).describe();
        return { spec: state.note?.startsWith(`${NOTE}: `) === true ? state.note.slice(NOTE.length + 2) : '', paused: state.paused };
      } catch (error) {
        if (error instanceof ScheduleNotFoundError) return undefined;
        throw error;
      }
    },
    async create(id, trigger, state) {
      try {
        await client.create({ scheduleId: temporalScheduleId(id), ...partsOf(id, trigger, state) });
      } catch (error) {
        // Another worker was faster; the next look compares it.
        if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      }
    },
    async update(id, trigger, state) {
      await handle(id).update(() => partsOf(id, trigger, state));
    },
    async backfill(id, from, to) {
      if (from < to) await handle(id).backfill({ start: from, end: to, overlap: ScheduleOverlapPolicy.ALLOW_ALL });
    },
    async remove(id) {
      try {
        await handle(id).delete();
      } catch (error) {
        if (!(error instanceof ScheduleNotFoundError)) throw error;
      }
    },
  };
}

/** Every time is told of: the store decides about those that overlap and those that are late. */
function partsOf(id: string, { cron, timezone, catchupMs }: ScheduleTrigger, { spec, paused }: ScheduleState) {
  const input: TickInput = { scheduleId: id };
  return {
    spec: { cronExpressions: [cron], timezone },
    action: {
      type: 'startWorkflow' as const,
      workflowType: TICK_WORKFLOW_TYPE,
      workflowId: tickWorkflowId(id),
      taskQueue: TASK_QUEUE,
      args: [input],
    },
    policies: { overlap: ScheduleOverlapPolicy.ALLOW_ALL, catchupWindow: Math.max(catchupMs, 60_000) },
    state: { paused, note: `${NOTE}: ${spec}` },
  };
}
