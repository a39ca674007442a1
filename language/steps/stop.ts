import { z } from 'zod';
import type { StopStep } from '../plan.ts';
import { text } from '../schema/values.ts';
import { base, stepKind } from './step-kind.ts';

export const stopKind = stepKind({
  key: 'stop',
  description: 'Ends the run here. What is contained stays contained.',
  schema: z.strictObject({
    ...base,
    stop: z
      .strictObject({
        outcome: z
          .string()
          .regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be small letters, digits and -, at most 40')
          .meta({ description: "The run's outcome, in the playbook's own word." }),
        message: text('Why, for people.').optional(),
      })
      .meta({ description: 'Ends the run with an outcome.' }),
  }),
  build: ({ stop }, making): StopStep => ({
    kind: 'stop',
    ...making.base,
    outcome: stop.outcome,
    ...(stop.message === undefined ? {} : { message: making.template(stop.message, 'stop', 'message') }),
  }),
});
