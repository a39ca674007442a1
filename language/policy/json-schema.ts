// Schemas of policy.yaml and policy.tests.yaml for editors and the reference page, from the same descriptions that the checks use.
import { z } from 'zod';
import type { Json } from '../plan.ts';
import { VERBS } from '../verbs.ts';
import { policyCases } from './cases.ts';
import { policyFile } from './schema.ts';

const OPTIONS = { target: 'draft-2020-12', io: 'input', unrepresentable: 'any' } as const;

export const policyJsonSchema = (): Json => withVerbs(plain(policyFile));
export const policyCasesJsonSchema = (): Json => withVerbs(plain(policyCases));

// zod types its answer loosely; it is plain JSON by construction.
const plain = (schema: z.ZodType): Json => JSON.parse(JSON.stringify(z.toJSONSchema(schema, OPTIONS))) as Json;

/** Where a verb is written, editors complete one. */
function withVerbs(value: Json, name = ''): Json {
  if (Array.isArray(value)) return value.map((item: Json) => withVerbs(item));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([key, member]) => [key, withVerbs(member as Json, key)] as const); // a member of JSON is JSON
  const made = Object.fromEntries(members);
  if (name === 'verb') return { ...made, enum: Object.keys(VERBS) };
  return name === 'verbs' ? { ...made, items: { type: 'string', enum: Object.keys(VERBS) } } : made;
}
