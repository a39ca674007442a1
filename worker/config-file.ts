// The shape of cordon.yaml, beside the settings of settings.ts.
import { z } from 'zod';
import { DURATION_PATTERN } from '../language/duration.ts';

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'small letters, digits and "-", starting with a letter, at most 40')
  .describe('A name: small letters, digits and "-".');

const secretReference = z
  .string()
  .regex(/^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$/, 'a reference to a secret: env:NAME or file:path, never the secret itself');

export const connectorEntry = z
  .looseObject({ id: name, type: name })
  .describe('One product: `id` (yours), `type` (a connector), and what that connector asks for.');

/** Files of secrets/ that are not a source's: keys of our own, and the practice range's tokens. */
const isOurs = (file: string): boolean => ['audit-key', 'payload-keys'].includes(file) || file.startsWith('range-');

export const sourceEntry = z
  .strictObject({
    name: name
      .refine((given) => !isOurs(given), 'the name of a secret of Cordon itself: choose another')
      .describe('Last part of its address: /hooks/<name>.'),
    type: z.enum(['plain', 'alertmanager']).describe('What it sends.'),
    secrets: z
      .array(secretReference)
      .min(1)
      .max(2)
      .optional()
      .describe(
        'env:NAME or file:path; two while one is being replaced. Left out: made on first start, in secrets/<name> of the data folder.',
      ),
  })
  .describe('Who may post alerts.');

/** Sign-in names, compared without regard to case. */
const logins = z.array(z.string().min(1).max(200).toLowerCase()).max(500);

const rota = z.union([
  logins,
  z.strictObject({
    people: logins.min(1),
    every: z.string().regex(DURATION_PATTERN, 'must be a duration such as 7d').describe('How long a turn is.'),
    from: z.iso.datetime({ offset: true }).describe("When the first one's first turn began, with its offset from UTC."),
    timezone: z
      .string()
      .refine(isZone, 'is no time zone such as Europe/Zurich')
      .optional()
      .describe('Turns change at the same hour there, also when its clocks are put forward or back. Left out: UTC.'),
  }),
  z.strictObject({
    connector: name.describe('A connector that keeps rotas: pagerduty.'),
    schedule: z.string().min(1).max(100).describe("The product's own id of the schedule: P1ABC2D."),
  }),
]);

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

const recipients = z.union([z.string().min(1).max(320), z.array(z.string().min(1).max(320)).min(1).max(50)]);
const destination = {
  connector: name.describe('A connector that carries messages: slack, teams, smtp.'),
  to: recipients.describe('Whom there: the id of a Slack channel, mail addresses, the name of a Teams channel.'),
};
/** A pager has one recipient: its service. */
const woken = { ...destination, to: destination.to.optional() };

export const configFile = z.strictObject({
  people: z
    .strictObject({ groups: z.record(name, logins).optional(), oncall: z.record(name, rota).optional() })
    .optional()
    .describe(
      'Whom playbooks call by `group` and `oncall`: sign-in names. A rota is a list (all of them are on call), or `people`, `every`, `from`, `timezone` (one after the other), or `connector`, `schedule` (as PagerDuty says).',
    ),
  connectors: z.array(connectorEntry).optional().describe('The products. Left out in the trial form: the practice range.'),
  sources: z.array(sourceEntry).optional().describe('Who may post alerts. Left out in the trial form: plain and alertmanager.'),
  outgoing: z
    .strictObject({
      networks: z.array(z.string().min(1)).optional().describe('CIDR networks or addresses.'),
      private_hosts: z.array(z.string().min(1)).optional().describe('Host names that may have private addresses.'),
      plain_http: z.boolean().optional().describe('http:// beyond loopback.'),
    })
    .optional()
    .describe('Where connectors may connect to beside public addresses: networks, private_hosts, plain_http.'),
  notify: z
    .strictObject({ connector: name, channel: z.string().min(1) })
    .optional()
    .describe('Where people are told that something waits for them, or has gone wrong.'),
  channels: z
    .array(
      z.strictObject({
        ...destination,
        for: z
          .array(z.string().regex(/^(role|group|oncall|person):.+$/, 'role:…, group:…, oncall:… or person:…'))
          .min(1)
          .optional()
          .describe('Only what is put to these, such as `role:responder` or `oncall:soc-lead`. Left out: everything.'),
      }),
    )
    .max(50)
    .optional()
    .describe('Where people are asked for approvals and answers, beside the console: `connector`, `to`, `for`.'),
  pages: z
    .strictObject({
      to: z.array(z.strictObject(woken)).min(1).max(20).describe('Who is woken: a pager, or a channel.'),
      otherwise: z
        .array(z.strictObject(woken))
        .max(20)
        .optional()
        .describe('Who hears of a page that has not got through within a minute.'),
    })
    .optional()
    .describe(
      'Who is woken when something needs a person now: `to`, and `otherwise` where that does not get through. Left out: as `notify`, or else every channel.',
    ),
  policy: z
    .string()
    .min(1)
    .optional()
    .describe(
      'The policy file, from the folder of cordon.yaml. Left out beside real products: a strict one that asks a person for all that contains; beside simulated ones that of the trial. Production needs it.',
    ),
  entities: z
    .string()
    .min(1)
    .optional()
    .describe(
      'The inventory of hosts, people and services, from the folder of cordon.yaml. Left out beside real products: nothing is known.',
    ),
  publishing: z
    .strictObject({ from: z.enum(['folder', 'store', 'both']).default('both'), second_person: z.boolean().default(false) })
    .optional()
    .describe(
      'Where playbooks come from: `from: folder` (a git checkout is the truth, and nothing is published over the API), `store` (the folder is not read) or `both`; `second_person: true`: who wrote a draft does not put it in force; what comes from the folder is reviewed there, not here.',
    ),
  playbooks: z
    .string()
    .min(1)
    .optional()
    .describe('Folder of playbooks, from the folder of cordon.yaml. Default: playbooks/ of the installation.'),
});

export type ConnectorEntry = z.output<typeof connectorEntry>;
export type SourceEntry = z.output<typeof sourceEntry>;
export type ConfigFile = z.output<typeof configFile>;
