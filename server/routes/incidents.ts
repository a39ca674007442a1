// Incidents: open alerts that share an entity.
import { z } from 'zod';
import { listAlerts } from '../../store/views/alerts.ts';
import { listIncidents, readIncident } from '../../store/views/inventory.ts';
import { listRuns } from '../../store/views/runs.ts';
import { found, idParams, pageQuery, type Routes } from './route.ts';

const listQuery = pageQuery.extend({ state: z.enum(['open', 'closed', 'merged']).optional() });

export const incidentRoutes: Routes = (app, { deps }) => {
  const { db } = deps.store;
  app.get('/incidents', { schema: { tags: ['incidents'], summary: 'Incidents, newest first', querystring: listQuery } }, async (request) =>
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
};
