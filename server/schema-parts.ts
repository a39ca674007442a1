// What the schemas of answers are made of.
import { z } from 'zod';

export const list = <T extends z.ZodType>(item: T) => z.array(item);
export const page = <T extends z.ZodType>(item: T) =>
  z.strictObject({ items: list(item), next: z.string().optional().describe('Give it as `before` for the page after this one.') });
export const instant = z.iso.datetime().describe('ISO 8601, UTC.');
export const map = z.record(z.string(), z.unknown());
export const severityId = z.number().int().min(0).max(6).describe('OCSF: 0 unknown to 6 fatal.');
const error = z.strictObject({ code: z.string(), message: z.string() });
export const policy = z.strictObject({
  effect: z.enum(['allow', 'ask', 'deny']),
  rule: z.string().describe('The rule of policy.yaml that decided.'),
  reason: z.string(),
  policy: z.string().optional().describe("sha256 of the policy's file."),
  facts: map.optional().describe('What it was decided from.'),
});

export const stepRow = z.strictObject({
  key: z.string(),
  stepId: z.string(),
  generation: z.number().int().describe('Raised by an undo.'),
  kind: z.enum(['do', 'undo', 'gate', 'ask', 'wait']),
  verb: z.string().optional(),
  says: z.string().optional().describe('The effect as a sentence.'),
  why: z.string().optional(),
  entity: z.string().optional(),
  entityName: z.string().optional(),
  connector: z.string().optional(),
  state: z.enum(['reading', 'waiting', 'intent', 'ended', 'skipped', 'not-reached']),
  waitingOn: z.string().optional(),
  waitingUntil: instant.optional(),
  approvalId: z.string().optional(),
  outcome: z.string().optional().describe('changed, already, unverified, failed, unknown, denied …'),
  input: map,
  output: map.optional(),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
  error: error.optional(),
  decision: z.looseObject({ effect: z.string(), rule: z.string(), reason: z.string() }).optional(),
  recovered: z.boolean().describe('Found done by us after a crash.'),
  attempts: z.number().int(),
  startedAt: instant,
  endedAt: instant.optional(),
});
