// Rows that have served their time go, once an hour: delivery ids (kept for a week: Alertmanager repeats for days), expired sessions.
import { purgeDeliveries } from '../store/alerts.ts';
import { purgeLinks } from '../store/identities.ts';
import { purgeSessions } from '../store/sessions.ts';
import type { ServerDeps } from './deps.ts';

const EVERY_MS = 60 * 60 * 1000;
const DELIVERIES_KEPT_MS = 7 * 24 * 60 * 60 * 1000;

export function housekeeping(deps: ServerDeps): { stop(): void } {
  const tidy = async (): Promise<void> => {
    await purgeDeliveries(deps.store.db, new Date(deps.now().getTime() - DELIVERIES_KEPT_MS));
    await purgeSessions(deps.store.db, deps.now());
    await purgeLinks(deps.store.db, deps.now());
  };
  const timer = setInterval(() => {
    tidy().catch((error: unknown) => deps.log.warn({ err: error }, 'old rows were not removed; the next hour tries again'));
  }, EVERY_MS).unref();
  return { stop: () => clearInterval(timer) };
}
