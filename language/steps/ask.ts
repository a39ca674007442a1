import { z } from 'zod';
import { FIELD_TYPES } from '../form.ts';
import type { AskField, AskStep } from '../plan.ts';
import { duration, fieldName, people, template, text } from '../schema/values.ts';
import { durationMs } from './duration-ms.ts';
import { base, type Making, stepKind } from './step-kind.ts';

const choices = z.array(text('A choice.', 60)).min(2, 'must have two choices or more').max(20);
const day = (description: string) => text(description, 10).regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a date such as 2026-03-31');

const field = z
  .strictObject({
    type: z.enum(FIELD_TYPES).meta({ description: 'What it takes. A user or host is looked up exactly as it is written.' }),
    label: text('What people read beside it. Default: its name.', 100).optional(),
    help: text('One line below it.', 300).optional(),
    optional: z.boolean().default(false).meta({ description: 'It may be left empty; then it is null.' }),
    default: template('What stands in it at first. May be a template.').optional(),
    choices: choices.optional().meta({ description: 'Of a choice: what can be chosen.' }),
    min: z.number().optional().meta({ description: 'Of a number: the least. Of a text: the least characters.' }),
    max: z.number().optional().meta({ description: 'Of a number: the most. Of a text: the most characters (default 2000).' }),
    from: day('Of a date: the first day.').optional(),
    to: day('Of a date: the last day.').optional(),
  })
  .meta({ description: 'A field of the form.' });

const ask = z
  .strictObject({
    to: people,
    title: text('The question.', 300),
    choices: choices.optional().meta({ description: 'What can be answered: `steps.<id>.answer` is one of these words.' }),
    form: z
      .record(fieldName, field)
      .refine((fields) => Object.keys(fields).length > 0, 'must have a field')
      .refine((fields) => Object.keys(fields).length <= 40, 'must have at most 40 fields')
      .optional()
      .meta({ description: 'Fields to fill in: `steps.<id>.answer.<field>` is what people wrote.' }),
    rows: z
      .strictObject({
        of: template('The list: `${{ … }}`. At most 1000 rows; an empty list asks nobody.'),
        choices: choices.meta({ description: 'What can be answered in each row.' }),
      })
      .optional()
      .meta({ description: 'One answer for each item of a list: `steps.<id>.rows` is a list of { of, answer }.' }),
    within: duration('How long the answer may take.'),
    remind: z
      .array(duration('After this long, once.'))
      .max(10)
      .default([])
      .meta({ description: 'When people are reminded, counted from the question.' }),
    else: z
      .union([text('One of the choices; with rows: for every row.', 60), z.record(fieldName, template('The value of the field.'))])
      .meta({ description: 'What silence means: one of the choices, or the values of the form (what is not said takes its default).' }),
  })
  .refine(
    (one) => [one.choices, one.form, one.rows].filter((part) => part !== undefined).length === 1,
    'must have exactly one of choices, form, rows',
  )
  .meta({ description: 'A question to people.' });

export const askKind = stepKind({
  key: 'ask',
  description: 'A question to people: choices, a form, or rows. The answer is `steps.<id>.answer`; of rows it is `steps.<id>.rows`.',
  schema: z.strictObject({ ...base, ask }),
  build: ({ ask }, making): AskStep => ({
    kind: 'ask',
    ...making.base,
    to: making.people(ask.to, 'ask', 'to'),
    title: making.template(ask.title, 'ask', 'title'),
    ...(ask.choices === undefined ? {} : { choices: ask.choices }),
    ...(ask.form === undefined ? {} : { form: makeForm(ask.form, making) }),
    ...(ask.rows === undefined ? {} : { rows: { of: making.template(ask.rows.of, 'ask', 'rows', 'of'), choices: ask.rows.choices } }),
    withinMs: durationMs(ask.within),
    remindMs: ask.remind.map(durationMs),
    else: typeof ask.else === 'string' ? ask.else : making.templates(ask.else, 'ask', 'else'),
  }),
});

function makeForm(form: Readonly<Record<string, z.output<typeof field>>>, making: Making): readonly AskField[] {
  return Object.entries(form).map(([name, { label, default: first, ...bounds }]) => ({
    name,
    label: label ?? name.replaceAll('_', ' '),
    ...present(bounds),
    ...(first === undefined ? {} : { default: making.template(first, 'ask', 'form', name, 'default') }),
  }));
}

type Bounds = Omit<AskField, 'name' | 'label' | 'default'>;

/** zod gives `undefined` for what is not there; a plan leaves it out. */
function present({
  type,
  optional,
  help,
  choices,
  min,
  max,
  from,
  to,
}: { readonly [K in keyof Bounds]: Bounds[K] | undefined } & Pick<Bounds, 'type' | 'optional'>): Bounds {
  return {
    type,
    optional,
    ...(help === undefined ? {} : { help }),
    ...(choices === undefined ? {} : { choices }),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}
