// What Cordon is connected to and knows about: connectors, sources, entities; and what needs a person now.
import { listConnectors } from '../../store/views/inventory.ts';
import { readNow } from '../../store/views/now.ts';
import { listSourceCounts } from '../../store/views/sources.ts';
import { whoOf } from '../guard.ts';
import { readerOf } from '../reader.ts';
import type { Routes } from './route.ts';

export const inventoryRoutes: Routes = (app, { deps }) => {
  const { db } = deps.store;
  app.get('/now', { schema: { tags: ['now'], summary: 'What needs a person now' } }, async (request) =>
    readNow(db, await readerOf(deps, whoOf(request)), { now: deps.now(), wakesNobody: deps.wakesNobody === true }),
  );
  app.get('/connectors', { schema: { tags: ['inventory'], summary: 'Connected products and how they answer' } }, async () => ({
    items: await listConnectors(db),
  }));
  app.get('/sources', { schema: { tags: ['inventory'], summary: 'Who may post alerts, and what they posted' } }, async () => {
    const counts = await listSourceCounts(db);
    const none = { alerts: 0, quarantined: 0 };
    return { items: deps.sources.map(({ name, type }) => ({ name, type, path: `/hooks/${name}`, ...(counts.get(name) ?? none) })) };
  });
};
