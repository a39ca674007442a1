// Alerts: what came in, what it started and why.
import { z } from 'zod';
import { listAlerts, readAlert } from '../../store/views/alerts.ts';
import { whoOf } from '../guard.ts';
import { startByHand } from '../start-by-hand.ts';
import { found, idParams, pageQuery, type Routes, reasonText } from './route.ts';

const listQuery = pageQuery.extend({
  state: z.enum(['accepted', 'quarantined']).optional(),
  source: z.string().max(64).optional(),
  incident: z.string().max(64).optional(),
  suppression: z.string().max(64).optional().describe('Only those that it hid.'),
  search: z.string().max(200).optional().describe('Part of the title.'),
});
const startBody = z.strictObject({
  playbook: z.string().min(1).max(128),
  inputs: z.record(z.string(), z.unknown()).optional().describe('Beside what the trigger fills from the alert.'),
  reason: reasonText.optional(),
});

export const alertRoutes: Routes = (app, { deps }) => {
  app.get('/alerts', { schema: { tags: ['alerts'], summary: 'Alerts, newest first', querystring: listQuery } }, async (request) =>
    listAlerts(deps.store.db, request.query),
  );
  app.get(
    '/alerts/:id',
    { schema: { tags: ['alerts'], summary: 'One alert with its decisions and its bytes', params: idParams } },
    async (request) => found(await readAlert(deps.store.db, request.params.id), `alert ${request.params.id}`),
  );
  app.post(
    '/alerts/:id/runs',
    { schema: { tags: ['alerts'], summary: 'Start a playbook for an alert by hand', params: idParams, body: startBody } },
    async (request, reply) => {
      const { playbook, inputs, reason } = request.body;
      const wish = { playbook, inputs: inputs ?? {}, alertId: request.params.id, reason: reason ?? '' };
      return reply.code(201).send({ runId: await startByHand(deps, whoOf(request).person, wish) });
    },
  );
};
