// What follows when a delivery is given up: it is in the audit, a person is told, and a run that cannot start is closed.
import { appendAudit } from '../store/audit.ts';
import { giveUpRow } from '../store/outbox.ts';
import type { ClaimedWork } from '../store/outbox-claims.ts';
import { loseRun } from '../store/reconcile.ts';
import type { DispatchDeps } from './deps.ts';

/** In one commit: no row is given up without its run being closed and a person being told. `reason` begins with a code. */
export async function giveUp(deps: DispatchDeps, work: ClaimedWork, reason: string): Promise<void> {
  const now = deps.now();
  const body = { delivery: `${work.kind} ${work.id}`, run: work.about, attempts: work.attempts + 1, reason };
  const given = await deps.store.db.transaction().execute(async (trx) => {
    if (!(await giveUpRow(trx, work, reason))) return false;
    if (work.kind === 'start')
      await loseRun(trx, { runId: work.about, temporalRunId: null, code: 'START_UNDELIVERABLE', reason, quietS: 0 }, now);
    await appendAudit(trx, 'admin', [{ at: now, code: 'outbox.undeliverable', actor: 'cordon', body }]);
    // A run can have several deliveries that are given up, and each asks for something else; and one that is owed again can be given up again.
    const key = `${work.kind}.${work.id}.${work.token}`;
    await deps.page({ code: 'DELIVERY_GIVEN_UP', key, runId: work.about, message: adviceFor(work, reason) }, trx);
    return true;
  });
  if (given) for (const channel of ['runs', 'messages']) deps.store.wake(channel);
}

function adviceFor(work: ClaimedWork, reason: string): string {
  const what = `"${work.title}" (${work.about})`;
  const advice: Record<ClaimedWork['kind'], string> = {
    start: `The run ${what} could not be started and nothing of it was done. Start it by hand once the cause is mended.`,
    wake: `The run ${what} could not be woken; it goes on when its own timer ends. Look at it in the console.`,
    cancel: `The run ${what} could not be cancelled. Cancel it again, or terminate it in Temporal.`,
    notify: `People could not be told that the run ${what} waits for them. Look at its approvals in the console.`,
  };
  return `${advice[work.kind]} Cause: ${reason}`;
}
