// The freeze: no new effect anywhere while it is on.
import { z } from 'zod';
import { readFreeze, setFreeze } from '../../store/freeze.ts';
import { whoOf } from '../guard.ts';
import { type Routes, reasonText } from './route.ts';

const body = z.strictObject({ on: z.boolean(), reason: reasonText.min(1) });

export const freezeRoutes: Routes = (app, { deps }) => {
  const { store } = deps;
  app.get('/freeze', { schema: { tags: ['freeze'], summary: 'Is everything frozen?' } }, async () => readFreeze(store.db));
  app.post('/freeze', { schema: { tags: ['freeze'], summary: 'Stop all new effects, or let them go on', body } }, async (request) => {
    const change = { on: request.body.on, by: whoOf(request).person.id, reason: request.body.reason };
    const state = await setFreeze(store.db, change, deps.now());
    for (const channel of ['outbox', 'freeze', 'runs']) store.wake(channel);
    return state;
  });
};
