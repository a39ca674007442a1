// All routes, one line for each file of them. The shapes are in ../contract.ts.
//
// All below /api/v1 unless they start with /:
//   POST /hooks/<source>                    webhook intake
//   POST /session {login, password, next?}  sign in (cookie); `next` sets a new password in the same step
//   POST /channels/<connector>/clicks       buttons pressed in Slack
//   GET|POST /me/identities   POST /me/identities/look {token}   DELETE /me/identities/:id
//   DELETE /session   GET /me    POST /me/password {current, next}
//   GET  /alerts?state=&source=&before=     GET /alerts/:id      POST /alerts/:id/runs {playbook}  (start by hand)
//   GET  /runs?state=&playbook=&before=     GET /runs/:id        POST /runs/:id/cancel {reason}
//   GET  /runs/:id/undo (preview)           POST /runs/:id/undo {reason}  -> {runId}
//   POST /playbooks/:name/runs {inputs, reason}                  manual start
//   GET  /approvals?state=open              GET /approvals/:id   POST /approvals/:id/approve|deny {digest, reason}  POST /approvals/:id/answer {digest, answer, reason}  POST /approvals/:id/ack
//   POST /approvals/batch {decision, approvals: [{id, digest}], reason, password}   GET /approvals?alike=<id>
//   GET  /holds?state=                      GET /holds/:id       POST /holds/:id/release {reason}   POST /holds/:id/renew {for, reason}
//   GET  /suppressions?all=                GET /suppressions/:id  POST /suppressions {title, reason, for, …}  POST /suppressions/:id/remove {reason}   GET /alerts?suppression=<id>
//   GET  /incidents  GET /incidents/:id     GET /incidents/:id/evidence (signed NDJSON)
//   GET /entities        GET /connectors   GET /playbooks  GET /playbooks/:name
//   POST /playbooks {source, path}          check and publish; 422 {published: false, diagnostics}
//   GET  /range/live?approval=              trial form: {items: [{entity, name, facts: [{label, value}]}]}
//   GET  /audit?stream=&before=             GET /audit/verify    GET /audit/export (NDJSON)   GET /audit/key   GET /export/ocsf?since=&until= (NDJSON)
//   GET  /freeze     POST /freeze {on, reason}                   GET /now          GET /live (SSE)
//   GET  /oncall
//   GET  /pages?state=&before=              POST /pages/:id/acknowledge|resolve
//   GET  /tokens     POST /tokens {name, scopes, days}           DELETE /tokens/:id
//   GET  /delegations  POST /delegations {to, from?, until, outOfOffice, reason}  POST /delegations/:id/end
//   GET  /people     GET /people/:id    POST /people {login, name, email, role, breakGlass}  PATCH /people/:id {role, disabled, breakGlass, name, email}
//   POST /people/:id/password           GET /people/:id/tokens  DELETE /people/:id/tokens/:token
//   POST /entities/import {source, format, text, path, preview}    POST /entities/sync
//   GET  /sources   GET  /policy/explain?verb=&target=&connector=&severity=
//   /healthz /readyz /metrics /api/openapi.json
import type { FastifyInstance } from 'fastify';
import { alertRoutes } from './alerts.ts';
import { approvalRoutes } from './approvals.ts';
import { auditRoutes } from './audit.ts';
import { clicks } from './clicks.ts';
import { consoleFiles } from './console-files.ts';
import { delegationRoutes } from './delegations.ts';
import { entityRoutes } from './entities.ts';
import { exportRoutes } from './export.ts';
import { freezeRoutes } from './freeze.ts';
import { holdRoutes } from './holds.ts';
import { hooks } from './hooks.ts';
import { identityRoutes } from './identities.ts';
import { incidentRoutes } from './incidents.ts';
import { inventoryRoutes } from './inventory.ts';
import { liveRoutes } from './live.ts';
import { onCallRoutes } from './oncall.ts';
import { pageRoutes } from './pages.ts';
import { peopleRoutes } from './people.ts';
import { playbookRoutes } from './playbooks.ts';
import { policyRoutes } from './policy.ts';
import { rangeRoutes } from './range.ts';
import type { App, RouteContext, Routes } from './route.ts';
import { runRoutes } from './runs.ts';
import { scheduleRoutes } from './schedules.ts';
import { sessionRoutes } from './session.ts';
import { suppressionRoutes } from './suppressions.ts';
import { systemRoutes } from './system.ts';
import { tokenRoutes } from './tokens.ts';
import { undoRoutes } from './undo.ts';
import { versionRoutes } from './versions.ts';

const API: readonly Routes[] = [
  sessionRoutes,
  alertRoutes,
  approvalRoutes,
  auditRoutes,
  delegationRoutes,
  entityRoutes,
  exportRoutes,
  freezeRoutes,
  holdRoutes,
  identityRoutes,
  incidentRoutes,
  inventoryRoutes,
  liveRoutes,
  onCallRoutes,
  pageRoutes,
  peopleRoutes,
  playbookRoutes,
  policyRoutes,
  rangeRoutes,
  runRoutes,
  scheduleRoutes,
  suppressionRoutes,
  tokenRoutes,
  undoRoutes,
  versionRoutes,
];

export async function routes(app: FastifyInstance, context: RouteContext): Promise<void> {
  systemRoutes(app, context);
  await app.register(hooks(context.intake));
  await app.register(clicks(context.deps));
  await app.register(
    async (api: App) => {
      for (const add of API) add(api, context);
    },
    { prefix: '/api/v1' },
  );
  await consoleFiles(app, context.deps);
}
