import { z } from 'zod';
import type { RepeatStep } from '../plan.ts';
import { duration, expression, stepList } from '../schema/values.ts';
import { durationMs } from './duration-ms.ts';
import { base, listUnder, stepKind } from './step-kind.ts';

export const repeatKind = stepKind({
  key: 'repeat',
  description:
    'The steps again and again until an expression is true. It is asked after each turn; when it is not true within `for`, the step has failed. After it, the results of the last turn can be read; `steps.<id>.counts.turns` says how many there were.',
  schema: z.strictObject({
    ...base,
    repeat: z
      .strictObject({
        until: expression('Ends the loop when it is true after a turn.'),
        every: duration('How long it rests between two turns.'),
        for: duration('How long it goes on at the most. A turn that is under way then goes on to its end.'),
      })
      .meta({ description: 'When it ends, how long it rests, and how long it lasts at the most.' }),
    steps: stepList,
  }),
  lists: (raw) => listUnder(raw, 'steps', ''),
  build: ({ repeat }, making): RepeatStep => ({
    kind: 'repeat',
    ...making.base,
    until: making.expression(repeat.until, 'until', 'repeat', 'until'),
    everyMs: durationMs(repeat.every),
    forMs: durationMs(repeat.for),
    steps: making.list('steps'),
  }),
});
