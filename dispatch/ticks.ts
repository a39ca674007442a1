// Times of schedules that the store was told of: decided and, where one starts a run, committed together with it.
import { checkInputs } from '../language/inputs.ts';
import type { Json, Plan, ScheduleTrigger } from '../language/plan.ts';
import { renderTemplate } from '../language/template.ts';
import { requestCancelWithin } from '../store/cancel.ts';
import { classifyStoreError } from '../store/errors.ts';
import { openIncident } from '../store/incidents.ts';
import { createRun } from '../store/runs.ts';
import { claimTick, endTick, hasBuffered, type OpenTick, openRunsOf, type TickEnd } from '../store/schedules.ts';
import type { Trx } from '../store/store.ts';
import { decideTick } from '../triggers/schedule.ts';
import type { DispatchDeps } from './deps.ts';
import type { PlanCache } from './plans.ts';

export interface TickDecider {
  /** True: there may be more at once. */
  round(): Promise<boolean>;
}

export function tickDecider(deps: Pick<DispatchDeps, 'store' | 'now' | 'log'>, plans: PlanCache): TickDecider {
  const { store } = deps;
  return {
    async round() {
      let taken: OpenTick | undefined;
      const end = await store.db
        .transaction()
        .execute(async (trx) => {
          taken = await claimTick(trx);
          return taken && (await finish(trx, taken, await decide(trx, taken)));
        })
        .catch(async (error: unknown) => {
          // What the store itself could not do is tried again; what this one time makes impossible must not hold up the others.
          if (taken === undefined || classifyStoreError(error) !== null) throw error;
          const tick = taken;
          deps.log.error({ err: error, schedule: tick.schedule_id }, 'a time of a schedule could not be dealt with');
          return await store.db
            .transaction()
            .execute(async (trx) => await finish(trx, tick, { state: 'missed', reason: 'a fault in Cordon; the log has it' }));
        });
      if (end?.state === 'started') for (const channel of ['outbox', 'runs']) store.wake(channel);
      return end !== undefined;
    },
  };

  async function finish(trx: Trx, tick: OpenTick, end: TickEnd): Promise<TickEnd> {
    await endTick(trx, tick, end);
    deps.log.info({ schedule: tick.schedule_id, at: tick.at, state: end.state, run: end.runId }, end.reason);
    return end;
  }

  async function decide(trx: Trx, tick: OpenTick): Promise<TickEnd> {
    const found = tick.digest === null ? undefined : (await plans.get([tick.digest], trx)).get(tick.digest)?.plan;
    const trigger = found?.triggers[Number(tick.schedule_id.split('/').at(-1))];
    if (!found || tick.digest === null || trigger?.kind !== 'schedule')
      return { state: 'missed', reason: 'no published version has this schedule any more' };
    const open = await openRunsOf(trx, tick.schedule_id);
    const decision = decideTick(trigger, {
      lateMs: tick.late_ms,
      isBefore: tick.at < tick.since,
      isPaused: tick.paused_by !== null,
      isOpen: open.length > 0,
      hasBuffered: tick.state !== 'buffered' && (await hasBuffered(trx, tick.schedule_id)),
      wasBuffered: tick.state === 'buffered',
    });
    if (decision.kind !== 'start') return { state: decision.kind, reason: decision.reason };
    const inputs = inputsOf(found, trigger);
    if (!inputs.ok) return { state: 'missed', reason: `its inputs cannot be filled: ${inputs.reason}` };
    const now = deps.now();
    if (decision.cancelsOpen)
      for (const runId of open) await requestCancelWithin(trx, { runId, by: 'schedule', reason: decision.reason }, now);
    const at = tick.at.toISOString();
    const runId = await createRun(
      trx,
      {
        kind: 'playbook',
        playbook: tick.playbook,
        planDigest: tick.digest,
        mode: tick.mode ?? 'observe',
        incidentId: await openIncident(trx, { title: found.title, severityId: 0 }, now),
        title: found.title,
        inputs: inputs.value,
        severityId: 0,
        lane: 'schedule',
        startedBy: 'schedule',
        reason: `schedule ${trigger.cron} (${trigger.timezone}), due at ${at}`,
        dedupeKey: `schedule:${tick.schedule_id}:${at}`,
      },
      now,
    );
    return runId === undefined
      ? { state: 'skipped', reason: 'a run for this time is open' }
      : { state: 'started', reason: decision.reason, runId };
  }
}

type Inputs = { readonly ok: true; readonly value: Readonly<Record<string, Json>> } | { readonly ok: false; readonly reason: string };

function inputsOf(plan: Plan, trigger: ScheduleTrigger): Inputs {
  const given: Record<string, Json> = {};
  for (const [name, template] of Object.entries(trigger.with)) {
    const rendered = renderTemplate(template, {});
    if (!rendered.ok) return { ok: false, reason: `${name}: ${rendered.error.message}` };
    given[name] = rendered.value;
  }
  const checked = checkInputs(plan.inputs, given);
  return checked.ok
    ? { ok: true, value: checked.inputs }
    : { ok: false, reason: checked.faults.map((fault) => `${fault.input} ${fault.message}`).join('; ') };
}
