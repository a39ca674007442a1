// Matches alerts against the published playbooks and writes down, in one commit, what each of them starts or joins and why.
import type { Alert } from '../alerts/alert.ts';
import { appendAudit, type NewAuditEvent } from '../store/audit.ts';
import { classifyStoreError } from '../store/errors.ts';
import { giveUpRow, postponeRow } from '../store/outbox.ts';
import { claimAlerts, type UndecidedAlert } from '../store/outbox-claims.ts';
import { resolveHolds } from '../store/resolutions.ts';
import { eventSaid, putEvent, RESOLVED_EVENT, type RunEvent } from '../store/run-events.ts';
import { createRun } from '../store/runs.ts';
import type { Trx } from '../store/store.ts';
import { countHidden } from '../store/suppressions.ts';
import { type DecisionRow, findOpenRuns, joinRun, type OpenRunRow, recordDecisions } from '../store/trigger-decisions.ts';
import { backoffMs, ROW_BACKOFF } from './backoff.ts';
import { type Choice, choose, suppressed } from './choose.ts';
import type { DispatchDeps } from './deps.ts';
import type { CachedPlan, PlanCache } from './plans.ts';
import { runTitle } from './run-title.ts';

/** Alerts per commit. Small enough that a wake in between waits little. */
const BATCH = 16;
const MAX_ATTEMPTS = 3;

export interface AlertDecider {
  /** True: there may be more at once. */
  round(): Promise<boolean>;
}

type Plans = ReadonlyMap<string, CachedPlan>;

/** An alert and what it leads to. */
interface Judged {
  readonly alert: UndecidedAlert;
  readonly choices: readonly Choice[];
}

export function alertDecider(deps: DispatchDeps, plans: PlanCache): AlertDecider {
  const { store } = deps;
  let claims = 0;

  const round = async (): Promise<boolean> => {
    claims += 1;
    const alerts = await claimAlerts(store.db, { token: `${deps.workerId}#a${claims}`, limit: BATCH });
    if (alerts.length === 0) return false;
    const known = await plans.get(alerts.flatMap((alert) => alert.published.map((one) => one.digest)));
    const judged = await judgeAll(alerts, known);
    if (judged.length > 0 && !(await commitTogether(judged))) for (const one of judged) await commitAlone(one);
    store.wake('alerts');
    store.wake('runs');
    return alerts.length === BATCH;
  };

  const judgeAll = async (alerts: readonly UndecidedAlert[], known: Plans): Promise<Judged[]> => {
    const now = deps.now();
    const judge = async (alert: UndecidedAlert, open: readonly OpenRunRow[]): Promise<Judged[]> => {
      try {
        return [{ alert, choices: choicesOf(alert, known, open, now) }];
      } catch (error) {
        await putOff(alert, error);
        return [];
      }
    };
    const first = (await Promise.all(alerts.map((alert) => judge(alert, [])))).flat();
    const open = await findOpenRuns(store.db, first.flatMap(keysOf));
    if (open.length === 0) return first;
    return (await Promise.all(first.map((one) => (keysOf(one).some((key) => isOpen(key, open)) ? judge(one.alert, open) : [one])))).flat();
  };

  /** False: nothing was committed; one of them spoils it for all. */
  const commitTogether = async (judged: readonly Judged[]): Promise<boolean> => {
    try {
      await store.db.transaction().execute((trx) => commit(trx, judged, deps.now()));
      return true;
    } catch (error) {
      deps.log.warn({ err: error, alerts: judged.length }, 'alerts could not be decided together; each is tried alone');
      return false;
    }
  };
  const commitAlone = async (one: Judged): Promise<void> => {
    try {
      await store.db.transaction().execute((trx) => commit(trx, [one], deps.now()));
    } catch (error) {
      await putOff(one.alert, error);
    }
  };
  const putOff = async (alert: UndecidedAlert, error: unknown): Promise<void> => {
    const trouble = classifyStoreError(error);
    // A store that is full or away is not the alert's fault.
    if (trouble) return await postpone(alert, `${trouble.code}: ${trouble.message}`, false);
    const reason = `ALERT_UNDECIDABLE: ${error instanceof Error ? error.message : String(error)}`;
    if (alert.attempts + 1 >= MAX_ATTEMPTS) return await giveUpOn(alert, reason);
    await postpone(alert, reason, true);
  };
  const postpone = async (alert: UndecidedAlert, error: string, counts: boolean): Promise<void> => {
    const delayMs = backoffMs(ROW_BACKOFF, alert.attempts + 1, (deps.random ?? Math.random)());
    await postponeRow(store.db, { claim: alert, delayMs, error, counts });
  };
  const giveUpOn = async (alert: UndecidedAlert, reason: string): Promise<void> => {
    const message = `The alert "${alert.title}" (${alert.alertId}) could not be matched against the playbooks; it started nothing. Look at it, and start a playbook by hand. Cause: ${reason}`;
    const kept = await store.db.transaction().execute(async (trx) => {
      if (!(await giveUpRow(trx, alert, reason))) return false;
      await recordDecisions(trx, [alert], [{ alertId: alert.alertId, playbook: null, decision: 'error', reason }], new Map());
      const body = { delivery: `decide ${alert.id}`, alert: alert.alertId, attempts: MAX_ATTEMPTS, reason };
      await appendAudit(trx, 'admin', [{ at: deps.now(), code: 'outbox.undeliverable', actor: 'cordon', body }]);
      await deps.page({ code: 'DELIVERY_GIVEN_UP', alertId: alert.alertId, message }, trx);
      return true;
    });
    if (kept) store.wake('messages');
  };
  return { round };
}

function choicesOf(alert: UndecidedAlert, known: Plans, open: readonly OpenRunRow[], now: Date): Choice[] {
  if (alert.body === null) throw new Error('the alert has no body: it was quarantined');
  const candidates = alert.published.flatMap((one) => {
    const plan = known.get(one.digest)?.plan;
    return plan ? [{ ...one, plan }] : [];
  });
  // Our own intake wrote it, as the adapter's checked Alert.
  const body = alert.body as Alert;
  return choose(body, candidates, open, now).map((choice) => suppressed(choice, alert.suppressions, body));
}

const keysOf = (one: Judged) =>
  one.choices.flatMap((choice) => (choice.dedupeKey === undefined ? [] : [{ playbook: choice.playbook, key: choice.dedupeKey }]));
const isOpen = (wanted: { playbook: string; key: string }, open: readonly OpenRunRow[]) =>
  open.some((run) => run.playbook === wanted.playbook && run.dedupe_key === wanted.key);

/** Everything that the alerts lead to, and the end of their rows. */
async function commit(trx: Trx, judged: readonly Judged[], now: Date): Promise<void> {
  const decisions: DecisionRow[] = [];
  const audit = new Map<string, NewAuditEvent[]>();
  for (const { alert, choices } of judged) {
    for (const choice of choices) {
      const decision = await carryOut(trx, alert, choice, now);
      decisions.push(decision);
      const say = (runId: string, event: NewAuditEvent) => audit.set(runId, [...(audit.get(runId) ?? []), event]);
      const event = eventOf(decision, now);
      if (event && decision.runId !== undefined) say(decision.runId, event);
      for (const told of await tellResolved(trx, alert, choice)) say(told.runId, eventSaid(told, now));
    }
    if (choices.length === 0) {
      decisions.push({ alertId: alert.alertId, playbook: null, decision: 'no_match', reason: 'no playbook is published' });
    }
  }
  await countHidden(trx, hiddenBy(decisions));
  await recordDecisions(
    trx,
    judged.map((one) => one.alert),
    decisions,
    audit,
  );
}

/** Runs may wait for the end of what has started them. Gives what was posted. */
async function tellResolved(trx: Trx, alert: UndecidedAlert, choice: Choice): Promise<readonly RunEvent[]> {
  const runIds = choice.kind === 'run' ? [] : (choice.resolves ?? []);
  const posted: RunEvent[] = [];
  for (const runId of runIds) {
    const event = { runId, name: RESOLVED_EVENT, body: { alert: alert.alertId }, by: `source:${alert.source}` };
    if (await putEvent(trx, event)) posted.push(event);
  }
  return posted;
}

/** An alert counts once, however many playbooks it would have started. */
function hiddenBy(decisions: readonly DecisionRow[]): Map<string, number> {
  const alerts = new Map<string, Set<string>>();
  for (const { suppression, alertId } of decisions)
    if (suppression !== undefined) alerts.set(suppression, (alerts.get(suppression) ?? new Set()).add(alertId));
  return new Map([...alerts].map(([id, ids]) => [id, ids.size]));
}

function eventOf(decision: DecisionRow, at: Date): NewAuditEvent | undefined {
  const body = { alert: decision.alertId, playbook: decision.playbook, reason: decision.reason };
  if (decision.decision === 'start') return { at, code: 'run.created', actor: 'cordon', body };
  if (decision.decision === 'join') return { at, code: 'run.joined', actor: 'cordon', body: { alert: decision.alertId } };
  return undefined;
}

/** Ends and begins of the same key meet here: who comes second joins, who joins too late starts. */
const MEETINGS = 3;

async function carryOut(trx: Trx, alert: UndecidedAlert, choice: Choice, now: Date): Promise<DecisionRow> {
  const row = (decision: DecisionRow['decision'], reason: string, runId?: string): DecisionRow => ({
    alertId: alert.alertId,
    playbook: choice.playbook,
    decision,
    reason,
    ...(runId === undefined ? {} : { runId }),
  });
  if (choice.kind === 'none')
    return {
      ...row(choice.decision, choice.reason, choice.runId),
      ...(choice.suppression === undefined ? {} : { suppression: choice.suppression }),
    };
  if (choice.kind === 'resolve') {
    const { made, isNoted } = await resolveHolds(trx, choice, now);
    const nothing = isNoted ? 'nothing is held yet, so it counts for what is done from now on' : 'nothing is held any more';
    return row('suppressed', made.length === 0 ? `${choice.reason}; ${nothing}` : choice.reason, made[0]);
  }
  let open = choice.joins;
  let { reason } = choice;
  for (let meeting = 0; meeting < MEETINGS; meeting++) {
    if (open !== undefined) {
      if (await joinRun(trx, open, alert.alertId)) return row('join', reason, open);
      reason = `${choice.reason}; but that run had just ended`;
    }
    const started = await startRun(trx, alert, choice, now);
    if (started !== undefined) return row('start', reason, started);
    reason = `${choice.reason}; joined, because a run with the same key is open`;
    const key = { playbook: choice.playbook, key: choice.dedupeKey ?? '' };
    open = (await findOpenRuns(trx, [key]))[0]?.run_id;
  }
  throw new Error(`runs of ${choice.playbook} with the key ${choice.dedupeKey} begin and end too fast to join one`);
}

async function startRun(trx: Trx, alert: UndecidedAlert, choice: Choice & { kind: 'run' }, now: Date): Promise<string | undefined> {
  if (alert.incident_id === null) throw new Error('the alert belongs to no incident');
  const until = choice.dedupeWithinMs === undefined ? {} : { dedupeUntil: new Date(now.getTime() + choice.dedupeWithinMs) };
  const run = {
    kind: 'playbook',
    playbook: choice.playbook,
    planDigest: choice.digest,
    mode: choice.mode,
    alertId: alert.alertId,
    incidentId: alert.incident_id,
    title: runTitle(choice.title, choice.inputs),
    inputs: choice.inputs,
    severityId: alert.severity_id,
    lane: alert.source,
    startedBy: 'trigger',
    reason: choice.reason,
    ...(choice.dedupeKey === undefined ? {} : { dedupeKey: choice.dedupeKey, ...until }),
  } as const;
  return await createRun(trx, run, now);
}
