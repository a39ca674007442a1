// A run's input, from its row: the plan and the alert inline while they are small, else only their digest and id.
import { SEVERITY_ID } from '../alerts/alert.ts';
import type { RunFacts } from '../engine/command.ts';
import type { Given } from '../engine/engine.ts';
import type { Plan } from '../language/plan.ts';
import type { ClaimedWork } from '../store/outbox-claims.ts';
import { INLINE_BYTES, type RunInput } from '../workflows/contract.ts';
import { type CachedPlan, jsonBytes } from './plans.ts';

export interface InputSettings {
  readonly engineVersion: number;
  /** Address of the console without a final slash. */
  readonly consoleUrl: string;
}

/** The plan that a made run (undo, hold) carries in its own row. */
export function madePlanOf(work: ClaimedWork): CachedPlan | undefined {
  // Written by us as a Plan: store/undo.ts makes them, and the column is only ours.
  return work.made_plan === null ? undefined : { plan: work.made_plan as Plan, bytes: jsonBytes(work.made_plan) };
}

export function runInput(work: ClaimedWork, plan: CachedPlan, settings: InputSettings): RunInput {
  const run: RunFacts = {
    id: work.about,
    playbook: work.playbook,
    severity: severityWord(work.severity_id),
    severity_id: work.severity_id,
    incident: work.incident_id,
    url: `${settings.consoleUrl}/runs/${work.about}`,
    // The row's own time, so that a start that is repeated carries the same input.
    started_at: work.created_at.toISOString(),
  };
  const inline = plan.bytes + (work.alert === null ? 0 : jsonBytes(work.alert)) <= INLINE_BYTES;
  return {
    runId: work.about,
    engine: settings.engineVersion,
    planDigest: work.plan_digest,
    ...(inline ? { plan: plan.plan } : {}),
    // Both columns hold JSON objects that were checked when they were written: inputs by decideTriggers, alert by its adapter.
    given: {
      inputs: work.inputs as Given['inputs'],
      ...(inline && work.alert !== null ? { alert: work.alert as NonNullable<Given['alert']> } : {}),
      run,
    },
  };
}

function severityWord(id: number): string {
  return Object.entries(SEVERITY_ID).find(([, number]) => number === id)?.[0] ?? 'unknown';
}
