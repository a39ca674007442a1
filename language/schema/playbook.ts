// The playbook's outer shape. Strict: an unknown key is an error, since a misspelt `approve` that is passed over would be an approval that is never asked.
import { z } from 'zod';
import { duration, expression, inputName, outputName, playbookName, severity, stepList, template, text, variableName } from './values.ts';

const INPUT_TYPES = [
  'user',
  'host',
  'ip',
  'domain',
  'url',
  'file',
  'message',
  'ticket',
  'text',
  'number',
  'boolean',
  'severity',
  'duration',
  'map',
] as const;

const input = z.strictObject({
  type: z.enum(INPUT_TYPES).meta({ description: 'What it is.' }),
  list: z.boolean().default(false).meta({ description: 'Several of them.' }),
  optional: z.boolean().default(false).meta({ description: 'It may be missing; then it is null (or its default).' }),
  default: z.unknown().optional().meta({ description: 'Its value when nothing is given.' }),
  description: text('For the form of a manual start.').optional(),
});

const output = z.strictObject({
  type: z.enum(INPUT_TYPES).meta({ description: 'What it is.' }),
  list: z.boolean().default(false).meta({ description: 'Several of them.' }),
  optional: z.boolean().default(false).meta({ description: 'It may be null, and is where its value cannot be had.' }),
  value: template('Its value when the steps have ended.'),
  description: text('For who calls it.').optional(),
});

export const alertTrigger = z.strictObject({
  alert: z
    .strictObject({
      source: z
        .union([text('Name of the source, as in /hooks/<source>.', 64), z.array(text('A source.', 64)).min(1).max(50)])
        .meta({ description: 'One source or a list of them.' }),
      min_severity: severity.default('unknown').meta({ description: 'Alerts below it are left alone. Default: all.' }),
    })
    .meta({ description: 'Which alerts.' }),
  when: expression('Only when this is true. It knows `alert`.').optional(),
  with: z.record(z.string(), template('The value of the input.')).default({}).meta({ description: 'Fills the inputs from `alert`.' }),
  dedupe: z
    .strictObject({
      by: template('The key, from `inputs` and `alert`.'),
      within: duration('Alerts with an equal key within this time join the running run.'),
    })
    .optional()
    .meta({ description: 'When a second alert joins instead of starting again.' }),
  when_resolved: z.enum(['note', 'ask', 'undo']).default('note').meta({
    description:
      'What a resolution by the source means: note (the default), ask people, or undo. It counts too for what a run that is open does afterwards (it waited for an approval): where a person has approved that since, or it may be why the source is quiet, people are asked.',
  }),
});

export const manualTrigger = z.strictObject({ manual: z.strictObject({}).meta({ description: 'People may start it.' }) });

export const scheduleTrigger = z.strictObject({
  schedule: z
    .strictObject({
      cron: text('When: minute, hour, day of month, month, day of week, as in "0 8 1 1,4,7,10 *".', 200),
      timezone: text('The zone of that clock: an IANA name such as Europe/Vienna. Default: UTC.', 60).default('UTC'),
      overlap: z.enum(['skip', 'buffer_one', 'allow_all', 'cancel_other']).default('skip').meta({
        description:
          'When it comes round while a run that it started is open: skip (the default) · buffer_one: one start waits for its end · allow_all: side by side · cancel_other: the open run is cancelled; what it holds stays held.',
      }),
      catchup: duration(
        'A start that was missed, because Cordon or Temporal was away, is still made within this time; later ones are recorded as missed. Default 1h.',
      ).default('1h'),
    })
    .meta({ description: 'It starts by the clock.' }),
  with: z.record(z.string(), template('The value of the input.')).default({}).meta({ description: 'Fills the inputs.' }),
});

export const playbook = z
  .strictObject({
    playbook: playbookName,
    title: text('One line, for people.', 200),
    description: text('What it does and what it leaves to people.', 4000).optional(),
    owner: text('The team that answers for it.', 100),
    labels: z
      .record(z.string().max(50), z.union([z.string().max(100), z.array(z.string().max(100)).max(50)]))
      .default({})
      .meta({ description: 'Free labels, such as attack: [T1078].' }),
    inputs: z.record(inputName, input).default({}).meta({ description: 'What it needs; triggers, manual starts and calls fill the same.' }),
    vars: z.record(variableName, z.unknown()).default({}).meta({ description: 'Variables and their first values; `set` changes them.' }),
    triggers: z.array(z.unknown()).min(1, 'must have a trigger').max(50).meta({ part: 'Triggers', description: 'What starts it.' }),
    on_failure: z
      .enum(['keep', 'undo'])
      .default('keep')
      .meta({ description: 'When the run fails: keep what is contained (the default) or undo it.' }),
    outputs: z
      .record(outputName, output)
      .default({})
      .meta({ description: 'What a playbook that calls this one gets, as `steps.<call>.<name>`.' }),
    steps: stepList,
  })
  .meta({ title: 'Cordon playbook', description: 'What answers an alert, step by step.' });

export type PlaybookText = z.output<typeof playbook>;
export type AlertTriggerText = z.output<typeof alertTrigger>;
