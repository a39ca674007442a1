// How a simulated run begins: an alert through the playbook's own triggers, or inputs by hand.
import type { Alert } from '../alerts/alert.ts';
import { normalisePlain } from '../alerts/plain.ts';
import { SAMPLES, type SampleName, sampleAlert } from '../alerts/samples.ts';
import type { Given } from '../engine/engine.ts';
import { SIMULATED_START } from '../engine/simulation/clock.ts';
import { comesRound, readCron } from '../language/cron.ts';
import { checkInputs } from '../language/inputs.ts';
import { nameInputs } from '../language/named-entity.ts';
import type { Json, Plan } from '../language/plan.ts';
import { renderTemplate } from '../language/template.ts';
import { decideTriggers, isManual, manualInputs } from '../triggers/decide.ts';
import { existsIn } from './local-time.ts';

export type JsonMap = Readonly<Record<string, Json>>;

/** started: `why` it matched · refused: no trigger takes it · wrong: what was given cannot be an alert or inputs. */
export type Start =
  | { readonly kind: 'started'; readonly given: Given; readonly why: string }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'wrong'; readonly reason: string };

const wrong = (reason: string): Start => ({ kind: 'wrong', reason });

/** `alert`: a plain alert, or the name of a sample. `source` in it names another source than `plain`. */
export function startByAlert(plan: Plan, alert: string | JsonMap): Start {
  if (typeof alert === 'string' && !isSample(alert))
    return wrong(`there is no sample ${alert}; there are ${Object.keys(SAMPLES).join(', ')}`);
  const { source = 'plain', ...body } = typeof alert === 'string' ? { ...sampleAlert(alert, 'simulated', SIMULATED_START) } : alert;
  if (typeof source !== 'string') return wrong('the source of the alert must be text');
  const read = normalisePlain({ id: 'simulated', title: 'A made-up alert', ...body }, source);
  const one = read.ok ? read.alerts[0] : undefined;
  if (!one) return wrong(`the alert is not a plain alert: ${read.ok ? 'it is empty' : read.reason}`);
  return startByStored(plan, one);
}

/** An alert as it was normalised when it came in. */
export function startByStored(plan: Plan, one: Alert): Start {
  const candidate = { playbook: plan.playbook, digest: '', mode: 'act', plan };
  const decision = decideTriggers(one, [candidate], Date.parse(SIMULATED_START), [])[0];
  if (decision?.kind !== 'start') return { kind: 'refused', reason: decision?.reason ?? 'no decision' };
  return { kind: 'started', why: decision.reason, given: givenFor(plan, decision.inputs, one) };
}

export function startByHand(plan: Plan, inputs: JsonMap): Start {
  if (!isManual(plan)) return { kind: 'refused', reason: 'not matched: people may not start it by hand (it has no manual trigger)' };
  const checked = manualInputs(plan, inputs);
  if (!checked.ok) return wrong(checked.faults.map((fault) => `the input ${fault.input} ${fault.message}`).join('; '));
  return { kind: 'started', why: 'started by hand', given: givenFor(plan, nameInputs(plan.inputs, checked.inputs), undefined) };
}

/** `local`: the wall clock's time in the schedule's own zone. */
export function startBySchedule(plan: Plan, local: string): Start {
  const schedules = plan.triggers.filter((trigger) => trigger.kind === 'schedule');
  const due = schedules.filter(({ cron }) => isDue(cron, local));
  const trigger = due.find(({ timezone }) => existsIn(timezone, local));
  if (due[0] && !trigger)
    return { kind: 'refused', reason: `there is no ${local} in ${due[0].timezone}: the clocks are put forward over it` };
  if (!trigger) {
    const known = schedules.map(({ cron, timezone }) => `${cron} (${timezone})`).join(', ') || 'none';
    return { kind: 'refused', reason: `no schedule comes round at ${local}; the playbook has ${known}` };
  }
  const given: Record<string, Json> = {};
  for (const [name, template] of Object.entries(trigger.with)) {
    const rendered = renderTemplate(template, {});
    if (!rendered.ok) return wrong(`the input ${name}: ${rendered.error.message}`);
    given[name] = rendered.value;
  }
  const checked = checkInputs(plan.inputs, given);
  if (!checked.ok) return wrong(checked.faults.map((fault) => `the input ${fault.input} ${fault.message}`).join('; '));
  return { kind: 'started', why: `schedule ${trigger.cron} (${trigger.timezone})`, given: givenFor(plan, checked.inputs, undefined) };
}

function isDue(cron: string, local: string): boolean {
  const read = readCron(cron);
  return read.ok && comesRound(read.cron, local) === true;
}

const isSample = (name: string): name is SampleName => Object.hasOwn(SAMPLES, name);

function givenFor(plan: Plan, inputs: JsonMap, alert: Alert | undefined): Given {
  return {
    inputs,
    // An alert is plain JSON by construction; its type says only that of `data`.
    ...(alert ? { alert: JSON.parse(JSON.stringify(alert)) as JsonMap } : {}),
    run: {
      id: 'run_simulated',
      playbook: plan.playbook,
      severity: alert?.severity ?? 'unknown',
      severity_id: alert?.severity_id ?? 0,
      incident: 'inc_simulated',
      url: 'http://127.0.0.1:8080/runs/run_simulated',
      started_at: SIMULATED_START,
    },
  };
}
