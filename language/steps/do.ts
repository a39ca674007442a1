import { z } from 'zod';
import type { DoStep, Hold } from '../plan.ts';
import { approve, hold, template, text } from '../schema/values.ts';
import { makeApprove } from './approve.ts';
import { durationMs } from './duration-ms.ts';
import { base, stepKind } from './step-kind.ts';

export const doKind = stepKind({
  key: 'do',
  description: 'One verb: a read, an effect, a ticket, a message.',
  schema: z.strictObject({
    ...base,
    do: text('The verb, such as user.disable.', 100),
    with: z.record(z.string(), template('The value of the parameter.')).default({}).meta({ description: 'The parameters of the verb.' }),
    via: text('The connector to use where the target does not decide it.', 100).optional(),
    hold: hold.optional(),
    approve: approve.optional(),
    why: text('The reason, for the people who approve and for the audit.').optional(),
  }),
  build: (value, making): DoStep => ({
    kind: 'do',
    ...making.base,
    verb: value.do,
    with: making.templates(value.with, 'with'),
    ...(value.via === undefined ? {} : { via: value.via }),
    ...(value.hold === undefined ? {} : { hold: makeHold(value.hold) }),
    ...(value.approve === undefined ? {} : { approve: makeApprove(value.approve, making) }),
    ...(value.why === undefined ? {} : { why: making.template(value.why, 'why') }),
    ...(value.retry === undefined ? {} : { retry: value.retry }),
  }),
});

function makeHold(value: z.output<typeof hold>): Hold {
  if (value === 'until_released') return { until: 'released' };
  return { forMs: durationMs(value.for), then: value.then };
}
