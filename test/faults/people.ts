// The people of a chaos run: they approve what they are asked and give each alert the verdict that it was posted with. Patient while Cordon is down.
import { setTimeout as sleep } from 'node:timers/promises';
import type { AlertRow, ApprovalDetail, ApprovalRow, Page } from '../../server/contract.ts';
import type { Posted } from './alerts.ts';
import type { Installation } from './installation.ts';

const LOOK_EVERY_MS = 60;

export interface People {
  /** How many approvals were open when they last looked. */
  readonly open: () => number;
  /** Resolves with the alerts' runs when every one has ended; rejects when that takes too long. */
  readonly done: Promise<readonly string[]>;
  readonly stop: () => void;
}

/** `hold`: nobody decides while it answers true. */
export function people(
  cordon: Installation,
  posted: readonly Posted[],
  limits: { readonly withinMs: number; readonly hold: () => boolean },
): People {
  let open = 0;
  let stopped = false;
  const look = async (): Promise<readonly string[] | undefined> => {
    const alerts = await alertsOf(cordon, posted);
    const runs = alerts.flatMap((alert) => alert.runs);
    const ended = runs.filter((run) => ENDED.has(run.state));
    if (alerts.length === posted.length && runs.length >= posted.length && ended.length === runs.length) {
      const odd = runs.filter((run) => run.state !== 'completed' && run.state !== 'stopped');
      if (odd.length > 0 || runs.length > posted.length) throw new Wrong(`runs: ${runs.map((run) => `${run.id} ${run.state}`).join(', ')}`);
      return runs.map((run) => run.id);
    }
    const mine = new Set(runs.map((run) => run.id));
    const waiting = await cordon.api<Page<ApprovalRow>>('GET', '/approvals?state=open');
    const ours = waiting.items.filter((one) => mine.has(one.runId));
    open = ours.filter((one) => one.kind === 'approval').length;
    if (!limits.hold()) for (const one of ours) await decide(cordon, one, posted, alerts);
    return undefined;
  };
  const all = async (): Promise<readonly string[]> => {
    for (const until = performance.now() + limits.withinMs; ; await sleep(LOOK_EVERY_MS)) {
      try {
        const runs = await look();
        if (runs !== undefined) return runs;
      } catch (error) {
        if (error instanceof Wrong) throw error;
        // Down, or killed in the middle of an answer: people try again.
        if (performance.now() > until) throw error;
      }
      if (stopped || performance.now() > until) throw new Wrong(await standing(cordon, posted));
    }
  };
  return {
    open: () => open,
    done: all(),
    stop: () => {
      stopped = true;
    },
  };
}

class Wrong extends Error {}

const ENDED = new Set(['completed', 'stopped', 'failed', 'cancelled', 'lost']);

async function alertsOf(cordon: Installation, posted: readonly Posted[]): Promise<readonly AlertRow[]> {
  const titles = new Set(posted.map((one) => one.body.title));
  return (await cordon.api<Page<AlertRow>>('GET', '/alerts')).items.filter((alert) => titles.has(alert.title));
}

async function decide(cordon: Installation, one: ApprovalRow, posted: readonly Posted[], alerts: readonly AlertRow[]): Promise<void> {
  const detail = await cordon.api<ApprovalDetail>('GET', `/approvals/${one.id}`);
  const title = alerts.find((alert) => alert.runs.some((run) => run.id === one.runId))?.title;
  const verdict = posted.find((each) => each.body.title === title)?.verdict ?? 'true-positive';
  const body = { digest: detail.digest, reason: 'chaos' };
  if (one.kind === 'approval') await cordon.api('POST', `/approvals/${one.id}/approve`, body);
  else await cordon.api('POST', `/approvals/${one.id}/answer`, { ...body, answer: verdict });
}

/** What has not ended, for whoever reads the failure. */
async function standing(cordon: Installation, posted: readonly Posted[]): Promise<string> {
  const alerts = await alertsOf(cordon, posted);
  return `not ended in time: ${alerts.map((alert) => `${alert.title}: ${alert.runs.map((run) => `${run.id} ${run.state}`).join(', ') || 'no run'}`).join('; ')}`;
}
