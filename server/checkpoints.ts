// Signs the audit heads each second while something was written, so that nobody can rewrite what is older than that unnoticed.
import { checkpoint } from '../store/checkpoint.ts';
import type { ServerDeps } from './deps.ts';

const EVERY_MS = 1_000;

/** Any number of servers may do this: one wins each round. Returns what stops it, after the round under way. */
export function checkpoints(deps: ServerDeps): { stop(): Promise<void> } {
  let round: Promise<unknown> = Promise.resolve();
  let isBusy = false;
  const timer = setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    round = checkpoint(deps.store.db, deps.audit.sign, deps.now())
      .catch((error: unknown) => deps.log.warn({ err: error }, 'the audit log was not anchored; the next round tries again'))
      .finally(() => {
        isBusy = false;
      });
  }, EVERY_MS).unref();
  return {
    async stop() {
      clearInterval(timer);
      await round;
    },
  };
}
