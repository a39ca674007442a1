// The contract's shapes as schemas: what /api/openapi.json shows, and what tests hold the answers to. Types: contract.ts.
import { z } from 'zod';
import { approvalRow } from './approval-schemas.ts';
import { instant, list, map, severityId, stepRow } from './schema-parts.ts';

export const me = z.strictObject({
  id: z.string(),
  name: z.string(),
  login: z.string(),
  email: z.string().optional(),
  role: z.enum(['viewer', 'analyst', 'responder', 'engineer', 'admin']),
  mustChangePassword: z.boolean().describe('Nothing else works before it.'),
  scopes: list(z.string()),
  provenAt: instant.optional().describe('When they have last given their password; absent: an API token says nothing of it.'),
});

const alertFields = {
  id: z.string(),
  source: z.string(),
  title: z.string().describe("The source's own words: untrusted text."),
  severity: z.string(),
  severity_id: severityId,
  status: z.enum(['open', 'resolved']),
  state: z.enum(['accepted', 'quarantined']),
  quarantineReason: z.string().optional(),
  receivedAt: instant,
  seenCount: z.number().int().describe('Posts of this finding.'),
  incidentId: z.string().optional(),
  suppressed: z.strictObject({ id: z.string(), title: z.string() }).optional().describe('What kept it from starting something.'),
  runs: list(z.strictObject({ id: z.string(), playbook: z.string(), state: z.string() })),
};
export const alertRow = z.strictObject(alertFields);
export const alertDetail = z.strictObject({
  ...alertFields,
  body: map.optional().describe('The normalised alert; absent when quarantined.'),
  raw: z.string().describe('As received, as text, at most 64 KB.'),
  decisions: list(
    z.strictObject({
      playbook: z.string().optional(),
      decision: z.enum(['start', 'join', 'duplicate', 'suppressed', 'no_match', 'error']),
      reason: z.string(),
      runId: z.string().optional(),
      at: instant,
    }),
  ),
});

const waiting = z.strictObject({
  on: z.string(),
  detail: z.string(),
  since: instant,
  until: instant.optional(),
  approvalId: z.string().optional(),
});
const runFields = {
  id: z.string(),
  kind: z.enum(['playbook', 'undo', 'hold']),
  playbook: z.string(),
  title: z.string(),
  severity_id: severityId,
  state: z.enum(['queued', 'starting', 'running', 'waiting', 'completed', 'stopped', 'failed', 'cancelled', 'lost']),
  outcome: z.string().optional(),
  error: z.object({ code: z.string(), message: z.string(), step: z.string().optional() }).optional(),
  alertId: z.string().optional(),
  incidentId: z.string(),
  parentRunId: z.string().optional().describe("An undo run's run."),
  startedBy: z.string(),
  reason: z.string().describe('Why it started.'),
  createdAt: instant,
  startedAt: instant.optional(),
  endedAt: instant.optional(),
  waiting: waiting.optional(),
  activeHolds: z.number().int(),
};
export const runRow = z.strictObject(runFields);

export const holdRow = z.strictObject({
  id: z.string(),
  entity: z.string(),
  entityName: z.string(),
  verb: z.string(),
  connector: z.string(),
  simulated: z.boolean(),
  runId: z.string(),
  stepId: z.string(),
  incidentId: z.string(),
  state: z.enum(['active', 'releasing', 'released', 'foreign', 'debt', 'settled']),
  saysUndo: z.string(),
  recovered: z.boolean(),
  placedAt: instant,
  expiresAt: instant.optional(),
  onExpiry: z.enum(['ask', 'release']).optional(),
  endedAt: instant.optional(),
  endedBy: z.string().optional(),
  debtReason: z.string().optional(),
  renewAsked: z.strictObject({ by: z.string(), forMs: z.number() }).optional().describe('Another person must confirm.'),
  debtOwner: z.string().optional(),
  debtSince: instant.optional(),
  driftedAt: instant.optional().describe('Found no longer in force: somebody else has released it.'),
  drift: z.string().optional(),
});

export const runDetail = z.strictObject({
  ...runFields,
  planDigest: z.string(),
  inputs: map,
  joins: list(z.strictObject({ alertId: z.string(), title: z.string(), at: instant })),
  steps: list(stepRow),
  loops: list(
    z.strictObject({
      stepId: z.string(),
      kind: stepRow.shape.kind,
      turns: z.number().int(),
      outcomes: z.record(z.string(), z.number().int()),
    }),
  ),
  holds: list(holdRow),
  approvals: list(approvalRow),
  plan: list(
    z.strictObject({
      id: z.string(),
      kind: z.string(),
      verb: z.string().optional(),
      note: z.string().optional(),
      ends: z.string().optional(),
      depth: z.number().int(),
    }),
  ),
});

export const undoPreview = z.strictObject({
  says: z.string().describe('All of it in one sentence.'),
  will: list(z.strictObject({ hold: z.string(), says: z.string(), entity: z.string() })),
  stays: list(z.strictObject({ hold: z.string(), entity: z.string(), why: z.string() })),
  cannot: list(z.strictObject({ step: z.string(), says: z.string(), why: z.string() })),
  digest: z.string().describe('Send it back with the undo: where something else would be undone by then, it is refused (UNDO_CHANGED).'),
});

const freezeEntry = z.strictObject({
  connector: z.string().optional().describe('Absent: all of them.'),
  verb: z.string().optional(),
  by: z.string(),
  reason: z.string(),
  since: instant,
  liftAsked: z.strictObject({ by: z.string(), reason: z.string(), until: instant }).optional().describe('Another person must confirm.'),
});
export const freeze = freezeEntry.partial().extend({
  on: z.boolean().describe('Everything is frozen.'),
  parts: list(freezeEntry).describe('Freezes of single connectors and verbs.'),
});

export const now = z.strictObject({
  approvals: list(approvalRow).describe('Open ones: those that you may decide first, then what ends first.'),
  debts: list(holdRow),
  drifted: list(holdRow).describe('Held, but found no longer in force.'),
  quarantined: z.number().int(),
  lostRuns: list(runRow),
  totals: z
    .strictObject({ approvals: z.number().int(), debts: z.number().int(), drifted: z.number().int(), lostRuns: z.number().int() })
    .describe('How many there are; the lists stop at a page.'),
  stuck: z.number().int().describe('Runs that wait for something past its time.'),
  undeliverable: z.number().int(),
  undelivered: z.strictObject({
    wakesNobody: z.boolean().describe('No recipient of pages is configured.'),
    pages: z.number().int().describe('Open pages that have reached nobody: tried, or for nobody.'),
    channels: list(
      z.strictObject({
        connector: z.string(),
        recipient: z.string(),
        count: z.number().int(),
        since: instant,
        error: z.string().optional(),
      }),
    ),
  }),
  contained: z.number().int(),
  openRuns: z.number().int(),
  freeze,
  simulated: z.boolean().describe('Some connected products are the practice range.'),
});

export const playbookRow = z.strictObject({
  playbook: z.string(),
  title: z.string(),
  description: z.string(),
  owner: z.string(),
  draft: z.number().optional(),
  version: z.number().int(),
  digest: z.string(),
  mode: z.enum(['observe', 'ask', 'act']),
  publishedAt: instant,
  path: z.string(),
  triggers: list(z.string()),
  inputs: map.optional().describe('What people fill in to start it by hand; absent where they may not.'),
  fault: z
    .strictObject({
      path: z.string(),
      diagnostics: list(z.looseObject({ code: z.string(), message: z.string(), line: z.number(), column: z.number() })),
    })
    .optional(),
});

export const connectorRow = z.strictObject({
  id: z.string(),
  type: z.string(),
  title: z.string(),
  simulated: z.boolean(),
  verbs: list(z.string()),
  state: z.enum(['ok', 'failed', 'unknown']),
  detail: z.string().optional(),
  checkedAt: instant.optional(),
});

export const incidentRow = z.strictObject({
  id: z.string(),
  title: z.string(),
  severity_id: severityId,
  state: z.enum(['open', 'closed', 'merged']),
  openedAt: instant,
  updatedAt: instant,
  entities: list(z.string()),
  alerts: z.number().int(),
  runs: z.number().int(),
});

export const auditRow = z.strictObject({
  stream: z.string(),
  seq: z.number().int(),
  at: instant,
  code: z.string(),
  actor: z.string(),
  says: z.string(),
  hash: z.string(),
});

export const problem = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string().describe('Stable: script against it.'),
  detail: z.string().describe('What, and where.'),
  hint: z.string().optional().describe('What to do.'),
  faults: list(z.strictObject({ field: z.string(), message: z.string() }))
    .optional()
    .describe('Field by field, where it is a form.'),
  preview: undoPreview.optional().describe('Of UNDO_CHANGED: what would be undone by now.'),
});
export const receipt = z.strictObject({
  id: z.string(),
  status: z.enum(['accepted', 'duplicate', 'quarantined']),
  alerts: list(z.strictObject({ id: z.string(), status: z.enum(['accepted', 'duplicate', 'quarantined']) })).optional(),
});
export const runStarted = z.strictObject({ runId: z.string() });
export const undoStarted = z.strictObject({ runs: list(z.string()) });
export const wouldHave = z.strictObject({
  playbook: z.string(),
  days: z.number(),
  runs: z.number().int().describe('That observed.'),
  failed: z.number().int(),
  effects: list(
    z.strictObject({
      verb: z.string(),
      effect: z.enum(['allow', 'ask', 'deny']).describe('What policy would have said; deny: protected.'),
      rule: z.string(),
      times: z.number().int(),
      targets: z.number().int(),
    }),
  ),
});
export const waitingRun = z.strictObject({
  run: z.string(),
  title: z.string(),
  playbook: z.string(),
  severity_id: z.number().int(),
  on: z.string(),
  whom: z.string().describe('On whom or what.'),
  detail: z.string(),
  since: instant,
  until: instant.optional(),
  then: z.string().describe('What happens then.'),
  overdue: z.boolean().describe('Past its time: something is wrong.'),
});
