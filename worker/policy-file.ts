// policy.yaml: what a response may do. Read strictly, since a rule that is misspelt protects nothing.
import { createHash } from 'node:crypto';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { parseDuration } from '../language/duration.ts';
import { VERBS } from '../language/verbs.ts';
import type { Policy, Rule } from '../policy/policy.ts';

const words = z.array(z.string().min(1)).min(1);
const match = z
  .strictObject({
    verbs: words.optional().describe('Any of these verbs, such as host.isolate.'),
    risks: z
      .array(z.enum(['read', 'additive', 'reversible', 'destructive']))
      .min(1)
      .optional()
      .describe('Any of these risks.'),
    kinds: words.optional().describe('Any of these kinds of target: user, host, ip, message.'),
    tags: words.optional().describe('The target has any of these tags in the inventory.'),
    criticality: z
      .array(z.enum(['low', 'medium', 'high', 'critical']))
      .min(1)
      .optional()
      .describe('The target is any of these critical.'),
    names: words.optional().describe('The target has any of these exact names or aliases.'),
    connectors: words.optional().describe('Any of these connector instances.'),
    severity_below: z.enum(['low', 'medium', 'high', 'critical', 'fatal']).optional().describe('The run is less severe than this.'),
  })
  .describe('What the rule is about; all that is given must hold, nothing given holds always.');

const rule = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'small letters, digits and "-"')
    .describe('Named in every decision and in the audit log.'),
  reason: z.string().min(1).max(300).describe('One sentence for the people who meet the rule.'),
  match: match.default({}),
  // `then`, as playbooks say it.
  then: z
    .union([
      z.enum(['allow', 'deny']),
      z.strictObject({
        ask: z.strictObject({
          role: z.enum(['viewer', 'analyst', 'responder', 'engineer', 'admin']),
          count: z.int().min(1).max(10).default(1),
        }),
      }),
    ])
    .describe('allow, deny, or ask: { role, count }.'),
});

const duration = z.string().refine((text) => parseDuration(text) !== undefined, 'must be a duration such as 15m or 1h');
const file = z.strictObject({
  rules: z.array(rule).default([]).describe('All that match are heard: deny beats ask, ask beats allow.'),
  approvals: z
    .strictObject({
      within: duration.default('30m').describe('How long an approval that only policy asks for stays open.'),
      use_by: duration.default('1h').describe('A granted approval is stale after this.'),
    })
    .default({ within: '30m', use_by: '1h' }),
});

const SEVERITY: Readonly<Record<string, number>> = { low: 2, medium: 3, high: 4, critical: 5, fatal: 6 };

/** Throws an Error that says what is wrong, and where. */
export function parsePolicy(source: string, path: string): Policy {
  const document = parseDocument(source, { uniqueKeys: true, merge: false });
  const fault = document.errors[0] ?? document.warnings[0];
  if (fault !== undefined) throw new Error(`${path}: ${fault.message}`);
  const parsed = file.safeParse(document.toJS({ maxAliasCount: 20 }) ?? {});
  if (!parsed.success) {
    throw new Error(parsed.error.issues.map((issue) => `${path}: ${issue.path.join('.') || 'the file'}: ${issue.message}`).join('\n'));
  }
  const rules = parsed.data.rules.map(toRule);
  checkRules(rules, path);
  return {
    digest: createHash('sha256').update(source).digest('hex'),
    rules,
    approvalWithinMs: parseDuration(parsed.data.approvals.within) ?? 0,
    approvalUseByMs: parseDuration(parsed.data.approvals.use_by) ?? 0,
  };
}

function checkRules(rules: readonly Rule[], path: string): void {
  for (const { name, match: about } of rules) {
    if (rules.filter((other) => other.name === name).length > 1) throw new Error(`${path}: two rules are named "${name}"`);
    const unknown = about.verbs?.find((verb) => !Object.hasOwn(VERBS, verb));
    if (unknown !== undefined) throw new Error(`${path}: rule "${name}": there is no verb "${unknown}"`);
  }
}

const lower = (list: readonly string[]): string[] => list.map((one) => one.normalize('NFC').toLowerCase());

function toRule(given: z.output<typeof rule>): Rule {
  const { verbs, risks, kinds, tags, criticality, names, connectors, severity_below } = given.match;
  const severityBelow = severity_below === undefined ? undefined : SEVERITY[severity_below];
  return {
    name: given.name,
    reason: given.reason,
    match: {
      ...(verbs ? { verbs } : {}),
      ...(risks ? { risks } : {}),
      ...(kinds ? { kinds } : {}),
      ...(tags ? { tags: lower(tags) } : {}),
      ...(criticality ? { criticality } : {}),
      ...(names ? { names: lower(names) } : {}),
      ...(connectors ? { connectors } : {}),
      ...(severityBelow === undefined ? {} : { severityBelow }),
    },
    consequence: typeof given.then === 'string' ? { then: given.then } : { then: 'ask', ...given.then.ask },
  };
}
