// What time alone brings about: approvals that people are reminded of or that expire, holds that are due, deliveries that are old enough to forget.
import { expireDue } from '../store/approvals.ts';
import { takeBreakGlassUses } from '../store/break-glass.ts';
import { takeDueDebts } from '../store/debts.ts';
import { remindDue } from '../store/escalations.ts';
import { dueHolds, pruneOutbox } from '../store/outbox.ts';
import { answerLateHolds, forgetResolutions } from '../store/resolutions.ts';
import type { Trx } from '../store/store.ts';
import { takeStuck } from '../store/stuck.ts';
import { startHoldRun } from '../store/undo.ts';
import { DEFAULT_TIMING, type DispatchDeps } from './deps.ts';
import type { Page } from './page.ts';

const KEEP_DELIVERED_DAYS = 7;
const PRUNE_LIMIT = 1_000;
const HOLDS_PER_SWEEP = 50;
/** Sweeps between two prunings: about ten minutes by default. */
const PRUNE_EVERY = 600;
/** Sweeps between two looks for runs past their time: about half a minute by default. */
const STUCK_EVERY = 30;

export interface Sweeper {
  sweep(): Promise<void>;
}

export function sweeper(deps: DispatchDeps): Sweeper {
  const { store } = deps;
  let sweeps = 0;

  const remind = async () => {
    if ((await remindDue(store.db, deps.now())) > 0) store.wake('outbox');
  };
  const expire = async () => {
    const expired = await expireDue(store.db, deps.now());
    if (expired.length === 0) return;
    store.wake('approvals');
    store.wake('outbox');
  };
  const endHolds = async () => {
    for (const id of await dueHolds(store.db, HOLDS_PER_SWEEP)) {
      try {
        const run = await store.db.transaction().execute((trx) => startHoldRun(trx, id, deps.now()));
        if (run !== undefined) store.wake('outbox');
        store.wake('holds');
      } catch (error) {
        deps.log.error({ err: error, hold: id }, 'a hold that is due could not be dealt with; it is tried again');
      }
    }
  };
  const answerResolved = async () => {
    if ((await store.db.transaction().execute((trx) => answerLateHolds(trx, deps.now()))) > 0) store.wake('outbox');
    await forgetResolutions(store.db);
  };
  /** Taken and told in one commit: what is marked as told has its page, whatever crashes. */
  const tell = async (take: (trx: Trx) => Promise<readonly Page[]>) => {
    const pages = await store.db.transaction().execute(async (trx) => {
      const taken = await take(trx);
      for (const page of taken) await deps.page(page, trx);
      return taken;
    });
    if (pages.length > 0) store.wake('messages');
  };
  const remindDebts = () =>
    tell(async (trx) => {
      const { remindDebtsS } = { ...DEFAULT_TIMING, ...deps.timing };
      const debts = await takeDueDebts(trx, remindDebtsS);
      if (debts.length === 0) return [];
      const lines = debts.map(
        (debt) => `- ${debt.says_undo} (${debt.id}), owed by ${debt.owner ?? 'nobody'} for ${debt.days} days: ${debt.reason ?? ''}`,
      );
      const message = `${debts.length} effects are in force that could not be undone. Undo them again, or settle them by hand:\n${lines.join('\n')}`;
      return [{ code: 'DEBTS_OPEN', key: deps.now().toISOString(), message }];
    });
  const tellStuck = async () => {
    if (sweeps % STUCK_EVERY !== 0) return;
    await tell(async (trx) => {
      const stuck = await takeStuck(trx);
      if (stuck.length === 0) return [];
      const lines = stuck.map((one) => `- "${one.title}" (${one.run}) waits for ${one.whom} since ${one.since}: ${one.detail}`);
      const message = `Runs are past their time. \`cordon runs stuck\` lists them:\n${lines.join('\n')}`;
      return [{ code: 'RUNS_STUCK', key: deps.now().toISOString(), message }];
    });
  };
  const tellBreakGlass = () =>
    tell(async (trx) =>
      (await takeBreakGlassUses(trx)).map((use) => {
        const message = `The break-glass account ${use.login} (${use.name}) was used at ${use.at.toISOString()} from ${use.peer}. For every admin: ${use.admins.join(', ')}. If it was none of you, disable the account: that ends its sessions. The audit log has all that was done with it.`;
        return { code: 'BREAK_GLASS', key: use.id, message, to: use.admins };
      }),
    );
  const prune = async () => {
    if (sweeps++ % PRUNE_EVERY === 0) await pruneOutbox(store.db, KEEP_DELIVERED_DAYS, PRUNE_LIMIT);
  };
  // Each for itself: a reminder that fails must not keep an approval from expiring.
  const chores = { remind, expire, endHolds, answerResolved, remindDebts, tellStuck, tellBreakGlass, prune };
  return {
    async sweep() {
      for (const [chore, run] of Object.entries(chores)) {
        await run().catch((error: unknown) => deps.log.error({ err: error, chore }, 'a part of the sweep failed; it is tried again'));
      }
    },
  };
}
