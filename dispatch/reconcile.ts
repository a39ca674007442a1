// Asks Temporal, by id, about runs that make no progress. What it no longer carries is closed as lost and people are told; nothing is done again.
// While Temporal does not answer nothing is concluded.

import { freezeWithin, isAllFrozen } from '../store/freeze.ts';
import { type LostRun, loseRun, type QuietRun, takeQuietRuns } from '../store/reconcile.ts';
import { DEFAULT_TIMING, type DispatchDeps } from './deps.ts';
import { callFailure, type Temporal } from './temporal.ts';

/** Runs per claim and calls at once. A pass goes on while claims are full, so that thousands of waiting runs are asked about within a minute. */
const BATCH = 100;
const MAX_BATCHES = 20;
const AT_ONCE = 8;

export interface Verdict {
  readonly code: string;
  readonly reason: string;
}

/** Endings by Temporal's names. COMPLETED: the run's last act, which closes it here, comes before it and did not take place. */
const ENDINGS: Readonly<Record<string, Verdict>> = {
  COMPLETED: { code: 'RUN_ENDED_UNRECORDED', reason: 'it completed in Temporal without its end being recorded' },
  FAILED: { code: 'RUN_FAILED_UNRECORDED', reason: 'it failed in Temporal without its end being recorded' },
  CANCELLED: { code: 'RUN_CANCELLED_UNRECORDED', reason: 'it was cancelled in Temporal without its end being recorded' },
  TERMINATED: { code: 'RUN_TERMINATED', reason: 'it was terminated in Temporal' },
  TIMED_OUT: { code: 'RUN_TIMED_OUT', reason: 'it timed out in Temporal' },
};
const MISSING: Verdict = { code: 'RUN_MISSING', reason: 'Temporal knows it no more: it was deleted, or Temporal lost its data' };
const RESET: Verdict = { code: 'RUN_RESET', reason: 'it was reset in Temporal; what the new Temporal run asks for is refused' };

/** Undefined: Temporal still carries it. Unknown words of a newer server conclude nothing. */
async function verdictOn(temporal: Temporal, run: QuietRun): Promise<Verdict | undefined> {
  const bound = await temporal.describe(run.id, run.temporal_run_id ?? undefined);
  if (!bound) return MISSING;
  if (bound.status === 'CONTINUED_AS_NEW') {
    const latest = await temporal.describe(run.id);
    return latest ? ENDINGS[latest.status] : MISSING;
  }
  const ending = ENDINGS[bound.status];
  if (!ending || run.temporal_run_id === null) return ending;
  // A reset terminates the run that we are bound to and starts another under the same workflow id.
  const latest = await temporal.describe(run.id);
  return latest && latest.runId !== bound.runId ? RESET : ending;
}

interface Judged {
  readonly run: QuietRun;
  readonly verdict: Verdict | undefined;
}

/** This many runs missing at once, and at least half of those asked about, is no accident of single runs. */
const MASS_LOSS = 5;

export interface Reconciler {
  pass(): Promise<void>;
}

export function reconciler(deps: DispatchDeps, temporal: Temporal): Reconciler {
  const { quietS, recheckS } = { ...DEFAULT_TIMING, ...deps.timing };

  /** Away: Temporal does not answer, so the pass ends. */
  const judge = async (run: QuietRun): Promise<Judged | 'away'> => {
    try {
      return { run, verdict: await verdictOn(temporal, run) };
    } catch (error) {
      deps.log.warn({ err: error, run: run.id }, 'a run could not be reconciled; it is tried again');
      return callFailure(error) === 'away' ? 'away' : { run, verdict: undefined };
    }
  };
  /** One of the two databases is not what the other remembers (a restore, an empty server): no new effect until a person has looked. */
  const brake = async (judged: readonly Judged[]) => {
    const missing = judged.filter((one) => one.verdict === MISSING).length;
    if (missing < MASS_LOSS || missing * 2 < judged.length) return;
    if (await isAllFrozen(deps.store.db)) return;
    const reason = `Temporal knows nothing of ${missing} of ${judged.length} runs that were asked about: was a database restored? Look at the lost runs, then lift the freeze`;
    await deps.store.db.transaction().execute(async (trx) => {
      await freezeWithin(trx, { by: 'cordon', reason }, deps.now());
      // Each loss is a page of its own: that of this morning was another.
      const key = deps.now().toISOString();
      await deps.page({ code: 'RUNS_MISSING', key, message: `All new effects are frozen. ${reason}.` }, trx);
    });
    deps.store.wake('messages');
  };
  const lose = async (run: QuietRun, verdict: Verdict) => {
    const loss = { runId: run.id, temporalRunId: run.temporal_run_id, code: verdict.code, reason: verdict.reason, quietS };
    const closed = deps.store.db.transaction().execute(async (trx) => {
      const lost = await loseRun(trx, loss, deps.now());
      if (lost) await deps.page({ code: 'RUN_LOST', runId: run.id, message: lossMessage(run.id, lost, verdict) }, trx);
      return lost !== undefined;
    });
    const isLost = await closed.catch((error: unknown) => {
      deps.log.warn({ err: error, run: run.id }, 'a run could not be closed as lost; it is tried again');
      return false;
    });
    if (isLost) for (const channel of ['outbox', 'runs', 'approvals', 'holds', 'messages']) deps.store.wake(channel);
  };
  const batch = async (): Promise<boolean> => {
    const runs = await takeQuietRuns(deps.store.db, { quietS, recheckS, limit: BATCH });
    const judged: Judged[] = [];
    let answers = true;
    for (let at = 0; at < runs.length && answers; at += AT_ONCE) {
      for (const one of await Promise.all(runs.slice(at, at + AT_ONCE).map(judge))) {
        if (one === 'away') answers = false;
        else judged.push(one);
      }
    }
    await brake(judged);
    for (const { run, verdict } of judged) if (verdict) await lose(run, verdict);
    return answers && runs.length === BATCH;
  };
  return {
    async pass() {
      for (let count = 0; count < MAX_BATCHES; count++) if (!(await batch())) return;
    },
  };
}

function lossMessage(runId: string, lost: LostRun, verdict: Verdict): string {
  const owed =
    lost.debts === 0
      ? 'It holds nothing.'
      : `${lost.debts} of its effects may be in force and are owed by ${lost.owner}: undo the run, or settle them.`;
  const unknown = lost.unknown === 0 ? '' : ` Whether ${lost.unknown} of them took effect is not known.`;
  return `The run "${lost.title}" (${runId}) is lost: ${verdict.reason}. Nothing is done again by itself. ${owed}${unknown}`;
}
