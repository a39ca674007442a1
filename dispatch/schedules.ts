// Temporal's schedules, kept as the published playbooks say: made, changed, paused, deleted, and made again where Temporal has lost them.
import { createHash } from 'node:crypto';
import { canonicalJson } from '../language/canonical.ts';
import type { ScheduleTrigger } from '../language/plan.ts';
import { publishedDigests } from '../store/playbook-versions.ts';
import { forgetSchedule, keepSchedule, listSchedules, noteSchedule, type ScheduleRow } from '../store/schedules.ts';
import type { DispatchDeps } from './deps.ts';
import type { PlanCache } from './plans.ts';
import type { TemporalSchedules } from './temporal-schedules.ts';

export interface ScheduleKeeper {
  /** One look at what should be and what is. */
  pass(): Promise<void>;
}

interface Wanted {
  readonly id: string;
  readonly playbook: string;
  readonly trigger: ScheduleTrigger;
  readonly spec: string;
}

export function scheduleKeeper(
  deps: Pick<DispatchDeps, 'store' | 'now' | 'log'>,
  plans: PlanCache,
  temporal: TemporalSchedules,
): ScheduleKeeper {
  const { store, log } = deps;

  const wantedNow = async (): Promise<readonly Wanted[]> => {
    const digests = await publishedDigests(store.db);
    const known = await plans.get(digests);
    return digests.flatMap((digest) => {
      const plan = known.get(digest)?.plan;
      return (plan?.triggers ?? []).flatMap((trigger, index) =>
        plan && trigger.kind === 'schedule'
          ? [{ id: `${plan.playbook}/${index}`, playbook: plan.playbook, trigger, spec: digestOf(trigger) }]
          : [],
      );
    });
  };

  return {
    async pass() {
      const wanted = await wantedNow();
      for (const one of wanted) await keepSchedule(store.db, one);
      for (const row of await listSchedules(store.db)) {
        const one = wanted.find(({ id }) => id === row.id);
        try {
          if (one) await keep(one, row);
          else await drop(row);
        } catch (error) {
          // A schedule that Temporal refuses must not keep the others from being kept.
          const fault = error instanceof Error ? error.message : String(error);
          await noteSchedule(store.db, row.id, fault.slice(0, 500));
          log.error({ err: error, schedule: row.id }, 'a schedule could not be kept; it is tried again');
        }
      }
    },
  };

  async function keep({ id, trigger, spec }: Wanted, row: ScheduleRow): Promise<void> {
    const isPaused = row.paused_by !== null;
    const has = await temporal.describe(id);
    if (has?.spec === spec && has.paused === isPaused) {
      await noteSchedule(store.db, id, undefined);
      return;
    }
    if (has) await temporal.update(id, trigger, { spec, paused: isPaused });
    else await temporal.create(id, trigger, { spec, paused: isPaused });
    // What came round while Temporal did not have it: each time once, and what is too late is recorded as missed.
    if (!has && row.seen_at !== null && !isPaused) await temporal.backfill(id, row.seen_at, deps.now());
    await noteSchedule(store.db, id, undefined);
    log.info({ schedule: id, paused: isPaused }, has ? 'schedule changed' : 'schedule made');
  }

  async function drop(row: ScheduleRow): Promise<void> {
    await temporal.remove(row.id);
    // A person's pause outlives the playbook: should that come back, nothing starts behind their back.
    if (row.paused_by !== null) return await noteSchedule(store.db, row.id, undefined);
    await forgetSchedule(store.db, row.id);
    log.info({ schedule: row.id }, 'schedule deleted: no published playbook has it');
  }
}

const digestOf = (trigger: ScheduleTrigger): string => createHash('sha256').update(canonicalJson(trigger)).digest('hex');
