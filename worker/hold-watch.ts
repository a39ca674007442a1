// Looks at what is held now and then, a few at a time, so that a device that somebody released at the product does not count as contained.
import { type RecheckDeps, recheckHolds } from '../activities/recheck.ts';

const PASS_EVERY_MS = 15_000;
const WISH = { everyS: 15 * 60, limit: 25, withinMs: 10_000 } as const;

export function watchHolds(deps: RecheckDeps): { readonly stop: () => Promise<void> } {
  let under: Promise<void> | undefined;
  const pass = async () => {
    await recheckHolds(deps, WISH).catch((error: unknown) =>
      deps.log.error({ err: error }, 'the look at what is held failed; it is tried again'),
    );
    under = undefined;
  };
  const timer = setInterval(() => {
    under ??= pass();
  }, PASS_EVERY_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await under;
    },
  };
}
