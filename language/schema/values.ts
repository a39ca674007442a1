// The small pieces that playbooks are made of. Descriptions become hover text and the reference page.
import { z } from 'zod';
import { DURATION_PATTERN } from '../duration.ts';

/** Words that CEL keeps for itself: not usable after a dot. */
export const RESERVED_WORDS: readonly string[] =
  'as break const continue else false for function if import in let loop namespace null package return true var void while'.split(' ');

const named = (what: string, description: string) =>
  z
    .string()
    .regex(/^[a-z][A-Za-z0-9_]{0,39}$/, `must be a name for ${what}: a small letter, then letters, digits and _, at most 40`)
    .refine((name) => !RESERVED_WORDS.includes(name), {
      error: ({ input }) => `cannot be \`${String(input)}\`, a word that expressions keep for themselves`,
    })
    .meta({ description });

export const stepId = named('a step', 'Name of the step, unique in the playbook. Its result is `steps.<id>` in expressions.').refine(
  (name) => name !== 'step',
  'is kept for steps without a name',
);
export const inputName = named('an input', 'Name of the input; its value is `inputs.<name>`.');
export const outputName = named('an output', 'Name of the output; who calls this playbook reads it as `steps.<call>.<name>`.');
export const fieldName = named('a field', 'Name of the field; what people wrote is `steps.<id>.answer.<name>`.');
export const variableName = named('a variable', 'Name of the variable; its value is `vars.<name>`.');

export const playbookName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,63}$/, 'must be small letters, digits and -, at most 64')
  .meta({ description: 'Name of the playbook, unique in the folder of playbooks.' });

export const eventName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be small letters, digits and -, at most 40')
  .meta({ description: 'Name of the event.' });

export const text = (description: string, max = 2000) =>
  z.string().min(1, 'must not be empty').max(max, `must have at most ${max} characters`).meta({ description });

/** Whole CEL; checked as an expression later, with its place. */
export const expression = (description: string) =>
  z
    .string()
    .min(1, 'must not be empty')
    .meta({ part: 'Expression', description: `${description} A CEL expression, without \${{ }}.` });

export const duration = (description: string) =>
  z
    .string()
    .regex(DURATION_PATTERN, 'must be a duration above zero, such as 30s, 5m, 2h or 7d')
    .meta({ description: `${description} A duration: 30s, 5m, 2h, 1h30m, 7d.` });

/** Any JSON value, with `${{ }}` anywhere in its texts. */
export const template = (description: string) => z.unknown().meta({ description });

const ROLES = ['viewer', 'analyst', 'responder', 'engineer', 'admin'] as const;

const peopleMembers = {
  role: z.enum(ROLES).optional().meta({ description: 'Everyone with this role or a higher one.' }),
  group: text('A group of people, by its name.', 100).optional(),
  oncall: text('Who is on call in this rota.', 100).optional(),
  person: text('One person, by sign-in name or address; may be a template. Of a whole user it is the address, else the id.').optional(),
};

const exactlyOne = (people: { role?: unknown; group?: unknown; oncall?: unknown; person?: unknown }): boolean =>
  [people.role, people.group, people.oncall, people.person].filter((value) => value !== undefined).length === 1;
const ONE_OF = 'must name exactly one of role, group, oncall, person';

export const people = z
  .strictObject(peopleMembers)
  .refine(exactlyOne, ONE_OF)
  .meta({ description: 'Who: one of role, group, oncall, person.' });
const deciders = z
  .strictObject({
    ...peopleMembers,
    count: z.int().min(1).max(10).default(1).meta({ description: 'How many different people must approve. Default 1.' }),
  })
  .refine(exactlyOne, ONE_OF)
  .meta({ description: 'Who may decide, and how many of them must.' });

const escalation = z
  .strictObject({ after: duration('When others are asked too.'), to: people })
  .meta({ description: 'Who else is asked when nobody has decided.' });

export const approve = z
  .strictObject({
    by: deciders,
    unless: expression('Nobody is asked when this is true; policy may still ask. An error in it means: ask.').optional(),
    within: duration('How long the decision may take; silence is a no. Default 1h.').default('1h'),
    remind: z
      .array(duration('After this long, once.'))
      .max(10)
      .default([])
      .meta({ description: 'When people are reminded, counted from the request.' }),
    escalate: z
      .union([escalation, z.array(escalation).min(1, 'must name one at least').max(5)])
      .optional()
      .meta({ description: 'Who else is asked when nobody has decided; a list asks them one after the other.' }),
  })
  .meta({
    description:
      'People decide before it is done. On a group, parallel or for_each: one decision over everything in it. What follows under its own on_error and on_denied is not asked about.',
  });

export const hold = z
  .union([
    z.literal('until_released').meta({ description: 'Stays until people release it.' }),
    z.strictObject({
      for: duration('How long it stays.'),
      then: z
        .enum(['ask', 'release'])
        .default('ask')
        .meta({ description: 'ask: it stays and people are asked (the default) · release: it ends by itself.' }),
    }),
  ])
  .meta({ description: 'How long a reversible effect stays in place: until_released, or { for, then }.' });

/** Nested steps are read by `steps/read-steps.ts`, kind by kind; here they are only a list. */
export const stepList = z
  .array(z.unknown())
  .min(1, 'must have a step')
  .max(5_000, 'must have at most 5,000 steps')
  .meta({ part: 'Steps', description: 'Steps, done in this order.' });

export const severity = z.enum(['unknown', 'informational', 'low', 'medium', 'high', 'critical', 'fatal']);
