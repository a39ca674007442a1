// Incidents: open alerts that share an entity.
import { appendAudit } from '../../store/audit.ts';
import { evidence } from '../../store/evidence.ts';
import { listAlerts } from '../../store/views/alerts.ts';
import { listIncidents, readIncident } from '../../store/views/inventory.ts';
import { listRuns } from '../../store/views/runs.ts';
import { whoOf } from '../guard.ts';
import { found, idParams, pageQuery, type Routes } from './route.ts';

export const incidentRoutes: Routes = (app, { deps }) => {
  const { db } = deps.store;
  app.get('/incidents', { schema: { tags: ['incidents'], summary: 'Incidents, newest first', querystring: pageQuery } }, async (request) =>
    listIncidents(db, request.query),
  );
  app.get(
    '/incidents/:id',
    { schema: { tags: ['incidents'], summary: 'One incident with its latest alerts and runs', params: idParams } },
    async (request) => {
      const { id } = request.params;
      const incident = found(await readIncident(db, id), `incident ${id}`);
      const alertRows = (await listAlerts(db, { incident: id })).items;
      return { ...incident, alertRows, runRows: (await listRuns(db, { incident: id })).items };
    },
  );
  app.get(
    '/incidents/:id/evidence',
    { schema: { tags: ['incidents'], summary: 'All that is kept about one incident, as signed NDJSON', params: idParams } },
    async (request, reply) => {
      const { id } = request.params;
      const { person } = whoOf(request);
      const wish = { incident: id, by: person.id, publicKey: deps.audit.publicKey, now: deps.now() };
      const lines = found(await evidence(db, wish, deps.audit.sign), `incident ${id}`);
      await appendAudit(db, 'admin', [{ at: deps.now(), code: 'evidence.exported', actor: person.id, body: { incident: id } }]);
      return reply.type('application/x-ndjson').send(`${lines.join('\n')}\n`);
    },
  );
};
