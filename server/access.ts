// Who may use which route: the one table. A route that is not in it is refused to everybody, and a test walks all routes.
import type { Role, Scope } from './contract.ts';

export interface Access {
  /** This role or one above it. */
  readonly role: Role;
  /** What an API token must have, too. */
  readonly scope: Scope;
  /** People in a browser only: API tokens are refused. */
  readonly sessionOnly?: true;
  /** Usable before the one-time password was changed. */
  readonly beforePasswordChange?: true;
  /** Usable by somebody whose account is contained: it only takes something away from whoever has it. */
  readonly whileContained?: true;
}

const read: Access = { role: 'viewer', scope: 'read' };
const decide: Access = { role: 'analyst', scope: 'approve' };
const respond: Access = { role: 'responder', scope: 'respond' };
const publish: Access = { role: 'engineer', scope: 'publish' };
const admin: Access = { role: 'admin', scope: 'admin' };
const own: Access = { role: 'viewer', scope: 'read', sessionOnly: true };
const V1 = '/api/v1';

export const ACCESS: Readonly<Record<string, Access | 'public'>> = {
  'POST /hooks/:source': 'public', // signed by the source instead
  'GET /hooks/:source': 'public', // these answer 405
  'PUT /hooks/:source': 'public',
  'PATCH /hooks/:source': 'public',
  'DELETE /hooks/:source': 'public',
  'OPTIONS /hooks/:source': 'public',
  'POST /channels/:connector/clicks': 'public', // signed by the product instead
  'GET /healthz': 'public',
  'GET /readyz': 'public',
  'GET /metrics': 'public', // loopback, else a token: server/routes/system.ts
  'GET /api/openapi.json': 'public',
  'GET /*': 'public', // the console's files; they hold no data

  [`POST ${V1}/session`]: 'public',
  [`DELETE ${V1}/session`]: { ...own, beforePasswordChange: true, whileContained: true },
  [`GET ${V1}/me`]: { ...read, beforePasswordChange: true },
  [`POST ${V1}/me/password`]: { ...own, beforePasswordChange: true },

  [`GET ${V1}/me/identities`]: read,
  [`POST ${V1}/me/identities`]: own,
  [`POST ${V1}/me/identities/look`]: own,
  [`DELETE ${V1}/me/identities/:id`]: { ...own, whileContained: true },
  [`GET ${V1}/now`]: read,
  [`GET ${V1}/policy/explain`]: read,
  [`POST ${V1}/entities/import`]: publish,
  [`GET ${V1}/entities/sync`]: read,
  [`POST ${V1}/entities/sync`]: publish,
  [`GET ${V1}/live`]: read,
  [`GET ${V1}/alerts`]: read,
  [`GET ${V1}/alerts/:id`]: read,
  [`POST ${V1}/alerts/:id/runs`]: respond,
  [`GET ${V1}/runs`]: read,
  [`GET ${V1}/runs/waiting`]: read,
  [`GET ${V1}/runs/:id`]: read,
  [`POST ${V1}/runs/:id/cancel`]: respond,
  [`POST ${V1}/runs/:id/events`]: respond,
  [`GET ${V1}/runs/:id/undo`]: read,
  [`POST ${V1}/runs/:id/undo`]: respond,
  [`GET ${V1}/suppressions`]: read,
  [`GET ${V1}/suppressions/:id`]: read,
  [`POST ${V1}/suppressions`]: respond,
  [`POST ${V1}/suppressions/:id/remove`]: respond,
  [`GET ${V1}/undo`]: read,
  [`POST ${V1}/undo`]: respond,
  [`POST ${V1}/holds/:id/settle`]: respond,
  [`POST ${V1}/holds/:id/owner`]: respond,
  [`POST ${V1}/holds/:id/transfer`]: respond,
  [`GET ${V1}/approvals`]: read,
  [`GET ${V1}/approvals/:id`]: read,
  [`POST ${V1}/approvals/batch`]: decide,
  [`POST ${V1}/approvals/:id/approve`]: decide,
  [`POST ${V1}/approvals/:id/deny`]: decide,
  [`POST ${V1}/approvals/:id/comments`]: decide,
  // Whom a question is put to is the playbook's to say; the store holds everybody to it.
  [`POST ${V1}/approvals/:id/answer`]: { role: 'viewer', scope: 'approve' },
  [`POST ${V1}/approvals/:id/ack`]: { role: 'viewer', scope: 'approve' },
  [`GET ${V1}/delegations`]: read,
  [`POST ${V1}/delegations`]: { role: 'viewer', scope: 'approve' },
  [`POST ${V1}/delegations/:id/end`]: { role: 'viewer', scope: 'approve' },
  [`GET ${V1}/holds`]: read,
  [`GET ${V1}/holds/:id`]: read,
  [`POST ${V1}/holds/:id/release`]: respond,
  [`POST ${V1}/holds/:id/renew`]: respond,
  [`GET ${V1}/playbooks/:name/versions`]: read,
  [`GET ${V1}/playbooks/:name/versions/:version`]: read,
  [`GET ${V1}/playbooks/:name/versions/:version/graph`]: read,
  [`GET ${V1}/playbooks/:name/diff`]: read,
  [`POST ${V1}/playbooks/:name/versions/:version/publish`]: publish,
  [`GET ${V1}/schedules`]: read,
  [`POST ${V1}/schedules/:playbook/:index/pause`]: respond,
  [`POST ${V1}/schedules/:playbook/:index/resume`]: publish,
  [`GET ${V1}/incidents`]: read,
  [`GET ${V1}/incidents/:id`]: read,
  [`GET ${V1}/incidents/:id/evidence`]: { role: 'engineer', scope: 'read' },
  [`GET ${V1}/entities`]: read,
  [`GET ${V1}/connectors`]: read,
  [`GET ${V1}/sources`]: read,
  [`GET ${V1}/playbooks`]: read,
  [`GET ${V1}/playbooks/:name`]: read,
  [`GET ${V1}/playbooks/:name/would`]: read,
  [`POST ${V1}/playbooks/:name/mode`]: publish,
  [`POST ${V1}/playbooks`]: publish,
  [`POST ${V1}/playbooks/:name/runs`]: respond,
  [`GET ${V1}/range/live`]: read,
  [`GET ${V1}/audit`]: read,
  [`GET ${V1}/audit/verify`]: read,
  [`GET ${V1}/audit/key`]: read,
  [`GET ${V1}/audit/export`]: { role: 'engineer', scope: 'read' },
  [`GET ${V1}/export/ocsf`]: { role: 'engineer', scope: 'read' },
  [`GET ${V1}/oncall`]: read,
  [`GET ${V1}/pages`]: read,
  [`POST ${V1}/pages/:id/acknowledge`]: decide,
  [`POST ${V1}/pages/:id/resolve`]: decide,
  [`GET ${V1}/freeze`]: read,
  [`POST ${V1}/freeze`]: respond,
  [`GET ${V1}/tokens`]: own,
  [`POST ${V1}/tokens`]: own,
  [`DELETE ${V1}/tokens/:id`]: { ...own, whileContained: true },
  [`GET ${V1}/people`]: admin,
  [`GET ${V1}/people/:id`]: admin,
  [`GET ${V1}/people/:id/tokens`]: admin,
  [`POST ${V1}/people`]: { ...admin, sessionOnly: true },
  [`PATCH ${V1}/people/:id`]: { ...admin, sessionOnly: true },
  [`POST ${V1}/people/:id/password`]: { ...admin, sessionOnly: true },
  [`DELETE ${V1}/people/:id/tokens/:token`]: { ...admin, sessionOnly: true },
};

/** HEAD is a GET without its body. */
export const accessOf = (method: string, route: string): Access | 'public' | undefined =>
  ACCESS[`${method === 'HEAD' ? 'GET' : method} ${route}`];
