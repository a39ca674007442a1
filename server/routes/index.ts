// All routes, one line for each file of them.
import type { FastifyInstance } from 'fastify';
import { alertRoutes } from './alerts.ts';
import { approvalRoutes } from './approvals.ts';
import { auditRoutes } from './audit.ts';
import { consoleFiles } from './console-files.ts';
import { freezeRoutes } from './freeze.ts';
import { holdRoutes } from './holds.ts';
import { hooks } from './hooks.ts';
import { incidentRoutes } from './incidents.ts';
import { inventoryRoutes } from './inventory.ts';
import { liveRoutes } from './live.ts';
import { peopleRoutes } from './people.ts';
import { playbookRoutes } from './playbooks.ts';
import { rangeRoutes } from './range.ts';
import type { App, RouteContext, Routes } from './route.ts';
import { runRoutes } from './runs.ts';
import { sessionRoutes } from './session.ts';
import { systemRoutes } from './system.ts';
import { tokenRoutes } from './tokens.ts';

const API: readonly Routes[] = [
  sessionRoutes,
  alertRoutes,
  approvalRoutes,
  auditRoutes,
  freezeRoutes,
  holdRoutes,
  incidentRoutes,
  inventoryRoutes,
  liveRoutes,
  peopleRoutes,
  playbookRoutes,
  rangeRoutes,
  runRoutes,
  tokenRoutes,
];

export async function routes(app: FastifyInstance, context: RouteContext): Promise<void> {
  systemRoutes(app, context);
  await app.register(hooks(context.intake));
  await app.register(
    async (api: App) => {
      for (const add of API) add(api, context);
    },
    { prefix: '/api/v1' },
  );
  await consoleFiles(app, context.deps);
}
