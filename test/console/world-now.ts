// What needs a person now, as the server would make it of the world.
import type { ApprovalDetail, Now } from '../../server/contract.ts';
import type { World } from './world.ts';

/** As the server orders them, a page at most. */
const byUrgency = (open: readonly ApprovalDetail[]): readonly ApprovalDetail[] =>
  open.toSorted((a, b) => Number(b.mayDecide) - Number(a.mayDecide) || Date.parse(a.expiresAt) - Date.parse(b.expiresAt)).slice(0, 50);

export function now(world: World): Now {
  const open = world.approvals.filter(({ state }) => state === 'open');
  const drifted = world.holds.filter(({ driftedAt }) => driftedAt !== undefined);
  const debts = world.holds.filter(({ state }) => state === 'debt');
  const lostRuns = world.runs.filter(({ state }) => state === 'lost');
  return {
    approvals: byUrgency(open),
    drifted,
    debts,
    quarantined: world.alerts.filter(({ state }) => state === 'quarantined').length,
    stuck: new Set(world.waits.filter(({ overdue }) => overdue).map(({ run }) => run)).size,
    lostRuns,
    totals: { approvals: open.length, debts: debts.length, drifted: drifted.length, lostRuns: lostRuns.length },
    undelivered: { wakesNobody: false, pages: 0, channels: [] },
    undeliverable: 0,
    contained: world.holds.filter(({ state }) => state !== 'released').length,
    openRuns: world.runs.filter(({ endedAt }) => !endedAt).length,
    freeze: world.frozen
      ? { on: true, by: 'Sam Okafor', reason: 'restoring the database', since: new Date(world.nowMs).toISOString(), parts: [] }
      : { on: false, parts: [] },
    simulated: true,
  };
}
