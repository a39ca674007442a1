// The shapes of people-contract.ts as schemas, and of what they suppress.
import { z } from 'zod';

const list = <T extends z.ZodType>(item: T) => z.array(item);
const instant = z.iso.datetime().describe('ISO 8601, UTC.');

export const pageRow = z.strictObject({
  id: z.string(),
  code: z.string(),
  message: z.string(),
  critical: z.boolean().describe('Goes through at once, also in a storm.'),
  runId: z.string().optional(),
  incidentId: z.string().optional(),
  state: z.enum(['open', 'acknowledged', 'resolved']),
  raisedAt: instant,
  changedAt: instant.optional(),
  changedBy: z.string().optional(),
  recipients: list(z.string()).describe('`<connector> <recipient>`: whom it is for; empty: nobody is named to be woken.'),
  reached: list(z.string()).describe('Where it stands.'),
  failing: list(z.string()),
});

export const onCallRow = z.strictObject({
  rota: z.string(),
  people: list(z.string()).describe('Sign-in names and addresses.'),
  readAt: instant.optional().describe('Of a rota that a product keeps.'),
  isStale: z.boolean().describe('The product does not answer: this is what it said last.'),
  error: z.string().optional(),
});

const role = z.enum(['viewer', 'analyst', 'responder', 'engineer', 'admin']);
export const personRow = z.strictObject({
  id: z.string(),
  login: z.string(),
  name: z.string(),
  email: z.string().optional(),
  role,
  disabled: z.boolean(),
  mustChangePassword: z.boolean(),
  breakGlass: z.boolean().describe('For emergencies: each use is told to every admin.'),
  contained: z.boolean().describe('We hold an account of theirs: until it is released they decide nothing.'),
  createdAt: instant,
  lastSignInAt: instant.optional(),
});
export const newAccount = z.strictObject({ ...personRow.shape, password: z.string().describe('Works once, and is said once.') });

export const tokenRow = z.strictObject({
  id: z.string(),
  name: z.string(),
  scopes: list(z.string()),
  createdAt: instant,
  lastUsedAt: instant.optional().describe('To the minute.'),
  expiresAt: instant.optional(),
});
export const newToken = z.strictObject({
  id: z.string(),
  name: z.string(),
  scopes: list(z.string()),
  token: z.string().describe('Said once.'),
  expiresAt: instant,
});

const identityFields = { provider: z.string(), realm: z.string(), externalId: z.string(), externalName: z.string() };
export const identityLink = z.strictObject(identityFields);
export const boundIdentity = z.strictObject({ ...identityFields, id: z.string(), boundAt: instant });

const someWords = list(z.string()).optional();
export const suppressionRow = z.strictObject({
  id: z.string(),
  title: z.string(),
  match: z.strictObject({
    sources: someWords,
    entities: someWords,
    title: z.string().optional(),
    playbooks: someWords,
    severityBelow: z.number().optional(),
    when: z.string().optional(),
  }),
  reason: z.string(),
  by: z.string(),
  state: z.enum(['planned', 'active', 'expired', 'removed']),
  startsAt: instant,
  expiresAt: instant,
  removedAt: instant.optional(),
  hidden: z.number().int().describe('Alerts that started nothing because of it.'),
  lastHiddenAt: instant.optional(),
});
