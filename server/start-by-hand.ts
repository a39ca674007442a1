// A run that a person starts: of a playbook with inputs, or for an alert, whose trigger then fills the inputs.
import type { Alert } from '../alerts/alert.ts';
import { checkInputs } from '../language/inputs.ts';
import type { AlertTrigger, Json, Plan } from '../language/plan.ts';
import { inputsOf } from '../language/start-form.ts';
import { renderTemplate } from '../language/template.ts';
import { openIncident } from '../store/incidents.ts';
import type { Person } from '../store/people.ts';
import { createRun } from '../store/runs.ts';
import { readAlert } from '../store/views/alerts.ts';
import { readPlaybook } from '../store/views/inventory.ts';
import type { AlertDetail } from './contract.ts';
import type { ServerDeps } from './deps.ts';
import { nameEntities } from './name-entities.ts';
import { formProblem, problem } from './problems.ts';

export interface StartWish {
  readonly playbook: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly reason: string;
  readonly alertId?: string;
}

/** The run's id. Throws NOT_FOUND, INVALID_INPUT (which input and why), RUN_JOINED when the same start is under way. */
export async function startByHand(deps: ServerDeps, person: Person, wish: StartWish): Promise<string> {
  const { store } = deps;
  const version = await readPlaybook(store.db, wish.playbook);
  if (!version) throw problem('NOT_FOUND', `There is no published playbook ${wish.playbook}.`);
  const alert = wish.alertId === undefined ? undefined : await acceptedAlert(deps, wish.alertId);
  const inputs = await checkedInputs(deps, version.plan, wish, alert?.body);
  const now = deps.now();
  const runId = await store.db.transaction().execute(async (trx) => {
    const incidentId =
      alert?.row.incidentId ?? (await openIncident(trx, { title: version.title, severityId: alert?.row.severity_id ?? 0 }, now));
    return await createRun(
      trx,
      {
        kind: 'playbook',
        playbook: version.playbook,
        planDigest: version.digest,
        mode: version.mode,
        ...(alert ? { alertId: alert.row.id, dedupeKey: `by-hand:${alert.row.id}` } : {}),
        incidentId,
        title: alert ? `${version.title}: ${alert.row.title}`.slice(0, 500) : version.title,
        inputs,
        severityId: alert?.row.severity_id ?? 0,
        lane: '',
        startedBy: person.id,
        reason: `started by hand by ${person.name}${wish.reason ? `: ${wish.reason}` : ''}`,
      },
      now,
    );
  });
  if (runId === undefined) throw problem('RUN_JOINED', `A run of ${version.playbook} for this alert is under way.`);
  for (const channel of ['outbox', 'runs']) store.wake(channel);
  return runId;
}

async function acceptedAlert(deps: ServerDeps, id: string): Promise<{ row: AlertDetail; body: Alert }> {
  const row = await readAlert(deps.store.db, id);
  if (!row) throw problem('NOT_FOUND', `There is no alert ${id}.`);
  if (row.body === undefined) throw problem('INVALID_INPUT', `The alert ${id} is quarantined: nothing of it could be read.`);
  // The intake wrote it from a normalised Alert.
  return { row, body: row.body as unknown as Alert };
}

async function checkedInputs(
  deps: ServerDeps,
  plan: Plan,
  wish: StartWish,
  alert: Alert | undefined,
): Promise<Readonly<Record<string, Json>>> {
  const isOpen = alert !== undefined || plan.triggers.some((trigger) => trigger.kind === 'manual');
  if (!isOpen) throw problem('INVALID_INPUT', `The playbook ${plan.playbook} has no manual trigger: start it for an alert.`);
  const filled = alert === undefined ? {} : fillFrom(plan, alert);
  // Parsed from JSON, so it is JSON.
  const given = inputsOf(plan.inputs, wish.inputs as Readonly<Record<string, Json>>);
  const checked = checkInputs(plan.inputs, { ...filled, ...given });
  if (!checked.ok)
    throw formProblem(
      'INVALID_INPUT',
      checked.faults.map(({ input, message }) => ({ field: input, message })),
    );
  const named = await nameEntities(plan.inputs, checked.inputs, deps.findEntities);
  if (named.faults.length > 0) throw formProblem('INVALID_INPUT', named.faults);
  return named.inputs;
}

/** As the playbook's trigger for this source would; what it cannot fill stays open. */
function fillFrom(plan: Plan, alert: Alert): Record<string, Json> {
  const triggers = plan.triggers.filter((trigger): trigger is AlertTrigger => trigger.kind === 'alert');
  const trigger = triggers.find((one) => one.sources.includes(alert.source)) ?? triggers[0];
  // An Alert is plain JSON.
  const roots = { alert: alert as unknown as Json };
  return Object.fromEntries(
    Object.entries(trigger?.with ?? {}).flatMap(([name, template]) => {
      const rendered = renderTemplate(template, roots);
      return rendered.ok ? [[name, rendered.value]] : [];
    }),
  );
}
