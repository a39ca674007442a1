// The shape of policy.yaml. Descriptions become the schema for editors and the reference page.
import { z } from 'zod';
import { duration, text } from '../schema/values.ts';

const words = (description: string) => z.array(z.string().min(1).max(200)).min(1, 'must name one at least').max(500).meta({ description });

const ruleName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be small letters, digits and -, at most 63')
  .meta({ description: 'Its name, unique in the file: said in every decision and in the audit log.' });
const ruleReason = text('One sentence for the people who meet it.', 300);

const about = {
  verbs: words('Any of these verbs, such as host.isolate.').optional(),
  risks: z
    .array(z.enum(['read', 'additive', 'reversible', 'destructive']))
    .min(1, 'must name one at least')
    .optional()
    .meta({ description: 'Any of these risks.' }),
  kinds: words('Any of these kinds of target: user, host, ip, domain, url, file, message.').optional(),
  connectors: words('Any of these connectors, by their id in cordon.yaml.').optional(),
  tags: words('The target has any of these tags in the inventory.').optional(),
  criticality: z
    .array(z.enum(['low', 'medium', 'high', 'critical']))
    .min(1, 'must name one at least')
    .optional()
    .meta({ description: 'The target is any of these critical.' }),
};
const match = z
  .strictObject({
    ...about,
    groups: words('The target is in any of these groups of the inventory.').optional(),
    names: words('The target has any of these exact names or aliases.').optional(),
    severity_below: z.enum(['low', 'medium', 'high', 'critical', 'fatal']).optional().meta({
      description: 'The run is less severe than this. The alert says how severe it is, and may be forged: never the only protection.',
    }),
    outside: z.string().optional().meta({ description: 'It is outside of these hours, named under `hours`.' }),
  })
  .meta({ description: 'What it is about: all that is given must hold; nothing given holds always.' });

const ask = z
  .strictObject({
    role: z.enum(['viewer', 'analyst', 'responder', 'engineer', 'admin']).meta({ description: 'People with this role or a higher one.' }),
    count: z.int().min(1).max(10).default(1).meta({ description: 'How many different people. Default 1.' }),
    step_up: duration(
      'An approval counts only of somebody who has given their password within this time before it: 5m. Left out: being signed in is enough.',
    ).optional(),
  })
  .meta({ description: 'Who must say yes.' });
const consequence = z.union([
  z.enum(['allow', 'deny']).meta({ description: 'deny: it is not done · allow: nothing against it; another rule may still ask or deny.' }),
  z.strictObject({ ask }),
]);
const limiting = z.union([z.literal('deny'), z.strictObject({ ask })]);

export const rule = z
  .strictObject({
    name: ruleName,
    reason: ruleReason,
    match: match.default({}),
    then: consequence.meta({ description: 'allow, deny, or ask: { role, count, step_up }.' }),
  })
  .meta({ description: 'A rule. All that match are heard: deny beats ask, ask beats allow; of several asks the strictest of each holds.' });

export const limit = z
  .strictObject({
    name: ruleName,
    reason: ruleReason,
    match: z
      .strictObject(about)
      .default({})
      .meta({ description: 'Which effects count. Without verbs and risks: all that are reversible or destructive.' }),
    at_most: z.int().min(0).max(10_000).meta({ description: 'How many effects may begin.' }),
    within: duration('In any stretch of this length, over all playbooks and all workers.'),
    then: limiting.meta({ description: 'What is done with the next one: deny, or ask: { role, count, step_up }. People are paged too.' }),
  })
  .meta({
    description: 'A limit in a sliding window. Undoing does not count, and gives no place back; what was never sent gives its place back.',
  });

export const freeze = z
  .strictObject({
    name: ruleName,
    reason: ruleReason,
    from: z.string().meta({ description: 'When it begins: 2026-12-20T18:00:00+01:00.' }),
    to: z.string().meta({ description: 'When it is over, in the same form.' }),
    match: match.default({}).meta({ description: 'What it is about. Without verbs and risks: all that is reversible or destructive.' }),
    then: limiting.default('deny').meta({ description: 'deny (the default), or ask: { role, count, step_up }.' }),
  })
  .meta({ description: 'A time in which changes are not wanted.' });

const clock = z.string().regex(/^(?:[01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$/, 'must be a time of day such as 08:00');
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

export const hours = z
  .strictObject({
    zone: z.string().min(1).meta({ description: 'A time zone: Europe/Berlin.' }),
    days: z
      .array(z.enum(DAYS))
      .min(1)
      .default([...DAYS])
      .meta({ description: 'Days on which they begin. Default: all.' }),
    from: clock.meta({ description: 'The first minute: 08:00.' }),
    to: clock.meta({ description: 'The end: 18:00. Before `from`: on the next day.' }),
  })
  .meta({ description: 'Hours of a week. Where the clock cannot be read it counts as outside.' });

export const forbidden = z
  .strictObject({
    tags: words('Tags in the inventory. Default: cordon, break-glass.').optional(),
    names: words('Exact names or aliases.').optional(),
    networks: words('Our own address ranges: 10.0.0.0/8. No address in them is ever blocked.').optional(),
    domains: words('Our own domains, with all that is below them.').optional(),
  })
  .meta({
    description:
      'What is never the target of anything reversible or destructive, whatever the rules say. Always among them: the machine and the accounts that Cordon uses, who started the run by hand, loopback, and networks broader than /24 (IPv6: /48). Who would be the target does not count as an approver.',
  });

export const policyFile = z.strictObject({
  rules: z.array(rule).max(1000).default([]).meta({ description: 'All that match are heard.' }),
  limits: z.array(limit).max(200).default([]).meta({ description: 'How much may happen in which time.' }),
  hours: z
    .record(z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be small letters, digits and -'), hours)
    .default({})
    .meta({
      description: 'Hours by name, for `outside` in a match.',
    }),
  freezes: z.array(freeze).max(200).default([]).meta({ description: 'Times in which changes are not wanted.' }),
  tiers: z
    .strictObject({ additive: ask.optional(), reversible: ask.optional(), destructive: ask.optional() })
    .default({})
    .meta({ description: 'Who must say yes, by risk. More than this is asked where a rule says so.' }),
  forbidden: forbidden.default({}),
  approvals: z
    .strictObject({
      within: duration('How long an approval that only policy asks for stays open. Default 30m.').default('30m'),
      use_by: duration('A granted approval is stale after this. Default 1h.').default('1h'),
      author_may_approve: z.boolean().default(false).meta({
        description:
          'true: whoever wrote the version of the playbook that asks may approve what it asks for. Default false: another person must. Who started the run by hand never may.',
      }),
    })
    .default({ within: '30m', use_by: '1h', author_may_approve: false })
    .meta({ description: 'Times of approvals.' }),
  holds: z
    .strictObject({
      confirm_after: duration('Renewed beyond this, counted from its beginning, a hold needs a second person. Default 7d.').default('7d'),
    })
    .default({ confirm_after: '7d' })
    .meta({ description: 'Times of what is held.' }),
});

export type AskText = z.output<typeof ask>;
export type RuleText = z.output<typeof rule>;
export type LimitText = z.output<typeof limit>;
export type FreezeText = z.output<typeof freeze>;
export type PolicyText = z.output<typeof policyFile>;
