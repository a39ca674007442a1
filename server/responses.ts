// What each route answers when all went well: status and schema. One table, read by open-api.ts; a test holds real answers to it.
import type { z } from 'zod';
import * as approvals from './approval-schemas.ts';
import * as people from './people-schemas.ts';
import { page } from './schema-parts.ts';
import * as shape from './schemas.ts';

export interface Answer {
  readonly status: number;
  readonly schema: z.ZodType;
}

const ok = (schema: z.ZodType): Answer => ({ status: 200, schema });
const V1 = '/api/v1';

export const RESPONSES: Readonly<Record<string, Answer>> = {
  'POST /hooks/:source': { status: 202, schema: shape.receipt },
  [`POST ${V1}/session`]: ok(shape.me),
  [`GET ${V1}/me`]: ok(shape.me),
  [`GET ${V1}/now`]: ok(shape.now),
  [`GET ${V1}/alerts`]: ok(page(shape.alertRow)),
  [`GET ${V1}/alerts/:id`]: ok(shape.alertDetail),
  [`POST ${V1}/alerts/:id/runs`]: { status: 201, schema: shape.runStarted },
  [`GET ${V1}/runs`]: ok(page(shape.runRow)),
  [`GET ${V1}/runs/waiting`]: ok(page(shape.waitingRun)),
  [`GET ${V1}/runs/:id`]: ok(shape.runDetail),
  [`POST ${V1}/runs/:id/cancel`]: { status: 202, schema: shape.runStarted },
  [`GET ${V1}/runs/:id/undo`]: ok(shape.undoPreview),
  [`POST ${V1}/runs/:id/undo`]: { status: 202, schema: shape.runStarted },
  [`POST ${V1}/playbooks/:name/mode`]: ok(shape.wouldHave),
  [`GET ${V1}/suppressions`]: ok(page(people.suppressionRow)),
  [`GET ${V1}/suppressions/:id`]: ok(people.suppressionRow),
  [`POST ${V1}/suppressions`]: { status: 201, schema: people.suppressionRow },
  [`POST ${V1}/suppressions/:id/remove`]: ok(people.suppressionRow),
  [`POST ${V1}/undo`]: { status: 202, schema: shape.undoStarted },
  [`POST ${V1}/holds/:id/settle`]: ok(shape.holdRow),
  [`POST ${V1}/holds/:id/owner`]: ok(shape.holdRow),
  [`POST ${V1}/holds/:id/transfer`]: ok(shape.holdRow),
  [`GET ${V1}/approvals`]: ok(page(approvals.approvalRow)),
  [`GET ${V1}/approvals/:id`]: ok(approvals.approvalDetail),
  [`POST ${V1}/approvals/:id/approve`]: ok(approvals.approvalDetail),
  [`POST ${V1}/approvals/:id/deny`]: ok(approvals.approvalDetail),
  [`POST ${V1}/approvals/:id/answer`]: ok(approvals.approvalDetail),
  [`POST ${V1}/approvals/:id/ack`]: ok(approvals.approvalDetail),
  [`GET ${V1}/people`]: ok(page(people.personRow)),
  [`GET ${V1}/people/:id`]: ok(people.personRow),
  [`GET ${V1}/people/:id/tokens`]: ok(page(people.tokenRow)),
  [`POST ${V1}/people`]: { status: 201, schema: people.newAccount },
  [`PATCH ${V1}/people/:id`]: ok(people.personRow),
  [`POST ${V1}/people/:id/password`]: ok(people.newAccount),
  [`POST ${V1}/tokens`]: { status: 201, schema: people.newToken },
  [`GET ${V1}/oncall`]: ok(page(people.onCallRow)),
  [`GET ${V1}/pages`]: ok(page(people.pageRow)),
  [`POST ${V1}/pages/:id/acknowledge`]: ok(people.pageRow),
  [`POST ${V1}/pages/:id/resolve`]: ok(people.pageRow),
  [`GET ${V1}/me/identities`]: ok(page(people.boundIdentity)),
  [`POST ${V1}/me/identities`]: { status: 201, schema: people.boundIdentity },
  [`POST ${V1}/me/identities/look`]: ok(people.identityLink),
  [`POST ${V1}/approvals/batch`]: ok(page(approvals.batchOutcome)),
  [`GET ${V1}/delegations`]: ok(page(approvals.delegationRow)),
  [`POST ${V1}/delegations`]: { status: 201, schema: approvals.delegationRow },
  [`GET ${V1}/holds`]: ok(page(shape.holdRow)),
  [`GET ${V1}/holds/:id`]: ok(shape.holdRow),
  [`POST ${V1}/holds/:id/release`]: { status: 202, schema: shape.runStarted },
  [`POST ${V1}/holds/:id/renew`]: ok(shape.holdRow),
  [`GET ${V1}/incidents`]: ok(page(shape.incidentRow)),
  [`GET ${V1}/connectors`]: ok(page(shape.connectorRow)),
  [`GET ${V1}/playbooks`]: ok(page(shape.playbookRow)),
  [`POST ${V1}/playbooks/:name/runs`]: { status: 201, schema: shape.runStarted },
  [`GET ${V1}/audit`]: ok(page(shape.auditRow)),
  [`GET ${V1}/freeze`]: ok(shape.freeze),
  [`POST ${V1}/freeze`]: ok(shape.freeze),
};
