// Approvals, and people among themselves, as the API answers them.
import { z } from 'zod';
import { instant, list, map, policy, severityId, stepRow } from './schema-parts.ts';

const approvalFields = {
  id: z.string(),
  kind: z.enum(['approval', 'question']),
  state: z.enum(['open', 'granted', 'denied', 'expired', 'void', 'answered', 'withdrawn']),
  title: z.string(),
  runId: z.string(),
  playbook: z.string(),
  incidentId: z.string(),
  alertId: z.string().optional(),
  severity_id: severityId,
  stepId: z.string(),
  round: z.number().int(),
  openedAt: instant,
  expiresAt: instant.describe('Silence until then is a no.'),
  decidedAt: instant.optional(),
  decidedBy: z.string().optional(),
  answer: z.string().optional(),
  requirement: z.strictObject({
    count: z.number().int(),
    roles: list(z.string()),
    stepUpMs: z.number().optional().describe('Whoever approves must have given their password within this time before it.'),
    reasons: list(z.object({ rule: z.string(), reason: z.string() })),
  }),
  addressedTo: list(z.string()).describe('In words: whom it is put to.'),
  escalations: list(z.strictObject({ at: instant, to: z.string() })).describe('Who is asked too, and from when on.'),
  acked: z
    .strictObject({ by: z.string(), at: instant, until: instant })
    .optional()
    .describe('Somebody has it: nobody else is asked before `until`.'),
  given: z.number().int(),
  mayDecide: z.boolean().describe('May the one who asks decide it?'),
  mayNotReason: z.string().optional(),
  mayDeny: z.boolean().optional().describe('They may deny it though they may not approve it.'),
  standsInFor: z.string().optional().describe('In whose stead the one who asks would decide it.'),
};
export const approvalRow = z.strictObject(approvalFields);
const approvalItem = z.strictObject({
  key: z.string(),
  says: z.string(),
  saysUndo: z.string().optional(),
  verb: z.string(),
  risk: z.enum(['read', 'additive', 'reversible', 'destructive']),
  connector: z.string(),
  simulated: z.boolean(),
  entity: z.string().optional(),
  entityName: z.string().optional(),
  why: z.string().optional(),
  params: map,
  before: z.unknown().optional(),
  owner: z.string().optional(),
  criticality: z.string().optional(),
  tags: list(z.string()),
  dependents: list(z.string()),
  policy,
});
export const approvalDetail = z.strictObject({
  ...approvalFields,
  items: list(approvalItem),
  digest: z.string().describe('Send it back with the decision: another one is refused.'),
  choices: list(z.string()).optional(),
  form: list(z.looseObject({ name: z.string(), type: z.string(), label: z.string(), optional: z.boolean() })).optional(),
  rows: z
    .strictObject({ items: list(z.strictObject({ id: z.string(), label: z.string(), of: z.unknown() })), choices: list(z.string()) })
    .optional(),
  answers: map.optional().describe("A form's values by field, or the rows' answers by their ids."),
  silence: z.string(),
  alert: z.strictObject({ id: z.string(), title: z.string(), message: z.string().optional(), source: z.string() }).optional(),
  reason: z.string(),
  decisions: list(
    z.strictObject({
      by: z.string(),
      standsInFor: z.string().optional(),
      role: z.string(),
      decision: z.enum(['approve', 'deny', 'answer']),
      answer: z.string().optional(),
      reason: z.string(),
      channel: z.string(),
      at: instant,
      contained: z
        .boolean()
        .optional()
        .describe('While it is open: their account was contained since, so their approval does not count until they say it again.'),
    }),
  ),
  comments: list(z.strictObject({ by: z.string(), text: z.string(), channel: z.string(), at: instant })).describe(
    'Oldest first. They decide nothing.',
  ),
  effects: list(stepRow),
  runEnded: z.boolean().describe('What has not begun by then will not.'),
  voidReason: z.string().optional(),
});

export const batchOutcome = z.strictObject({
  id: z.string(),
  title: z.string().optional(),
  state: z.string().optional(),
  code: z.string().optional().describe('Where it was refused.'),
  detail: z.string().optional(),
});

export const delegationRow = z.strictObject({
  id: z.string(),
  person: z.string(),
  delegate: z.string(),
  mine: z.boolean(),
  from: instant,
  until: instant,
  active: z.boolean().describe('Its time has begun.'),
  outOfOffice: z.boolean().describe('Reminders go to the delegate.'),
  reason: z.string(),
});
