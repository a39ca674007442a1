// policy.yaml as text to checked rules. Read strictly and with places, since a rule that is misspelt protects nothing.
import { z } from 'zod';
import type { Match, Rule } from '../policy/policy.ts';
import { type Diagnostic, isClean } from './diagnostics.ts';
import { DURATION_PATTERN } from './duration.ts';
import { didYouMean } from './nearest.ts';
import type { Json } from './plan.ts';
import { createReporter, type Report } from './report.ts';
import { reportIssues } from './schema/issues.ts';
import { SEVERITY_ID } from './severity.ts';
import { VERBS } from './verbs.ts';
import { readYaml } from './yaml-text.ts';

export interface PolicyText {
  readonly rules: readonly Rule[];
  /** Durations such as 30m. */
  readonly approvalWithin: string;
  readonly approvalUseBy: string;
}

export interface PolicyReading {
  /** Absent when anything is wrong. */
  readonly policy?: PolicyText;
  readonly diagnostics: readonly Diagnostic[];
}

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
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be small letters, digits and "-"')
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

const duration = z.string().regex(DURATION_PATTERN, 'must be a duration such as 15m or 1h');
const file = z.strictObject({
  rules: z.array(rule).default([]).describe('All that match are heard: deny beats ask, ask beats allow.'),
  approvals: z
    .strictObject({
      within: duration.default('30m').describe('How long an approval that only policy asks for stays open.'),
      use_by: duration.default('1h').describe('A granted approval is stale after this.'),
    })
    .default({ within: '30m', use_by: '1h' }),
});

/** `path` is how diagnostics name the file. Never throws. */
export function readPolicy(text: string, path: string): PolicyReading {
  const { yaml, diagnostics } = readYaml(text, path);
  if (!yaml) return { diagnostics };
  const reporter = createReporter(yaml, path, diagnostics);
  const policy = readRules(yaml.value, reporter.report);
  const found = reporter.list();
  return policy && isClean(found) ? { policy, diagnostics: found } : { diagnostics: found };
}

function readRules(value: Json, report: Report): PolicyText | undefined {
  const parsed = file.safeParse(value);
  if (!parsed.success) {
    reportIssues(report, parsed.error.issues, value, [], { keys: Object.keys(file.shape), schema: file });
    return undefined;
  }
  const rules = parsed.data.rules.map(toRule);
  checkRules(rules, report);
  return { rules, approvalWithin: parsed.data.approvals.within, approvalUseBy: parsed.data.approvals.use_by };
}

function checkRules(rules: readonly Rule[], report: Report): void {
  for (const [index, { name, match: about }] of rules.entries()) {
    if (rules.findIndex((other) => other.name === name) < index)
      report('NAME_INVALID', ['rules', index, 'name'], `two rules are named \`${name}\``, { hint: 'give one of them another name' });
    for (const [place, verb] of (about.verbs ?? []).entries()) {
      if (Object.hasOwn(VERBS, verb)) continue;
      const hint = didYouMean(verb, Object.keys(VERBS));
      report('VERB_UNKNOWN', ['rules', index, 'match', 'verbs', place], `there is no verb \`${verb}\``, hint === undefined ? {} : { hint });
    }
  }
}

const lower = (list: readonly string[]): string[] => list.map((one) => one.normalize('NFC').toLowerCase());

function toRule(given: z.output<typeof rule>): Rule {
  const { verbs, risks, kinds, tags, criticality, names, connectors, severity_below } = given.match;
  const about: Match = {
    ...(verbs ? { verbs } : {}),
    ...(risks ? { risks } : {}),
    ...(kinds ? { kinds } : {}),
    ...(tags ? { tags: lower(tags) } : {}),
    ...(criticality ? { criticality } : {}),
    ...(names ? { names: lower(names) } : {}),
    ...(connectors ? { connectors } : {}),
    ...(severity_below === undefined ? {} : { severityBelow: SEVERITY_ID[severity_below] }),
  };
  return {
    name: given.name,
    reason: given.reason,
    match: about,
    consequence: typeof given.then === 'string' ? { then: given.then } : { then: 'ask', ...given.then.ask },
  };
}
