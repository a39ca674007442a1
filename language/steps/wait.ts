import { z } from 'zod';
import type { WaitStep } from '../plan.ts';
import { duration, eventName, text } from '../schema/values.ts';
import { durationMs } from './duration-ms.ts';
import { base, type Making, stepKind } from './step-kind.ts';

const wait = z
  .union([
    duration('How long.'),
    z.strictObject({
      until: text('An instant in ISO 8601, such as 2026-05-04T08:00:00Z; may be a template. One that is past ends the wait at once.'),
    }),
    z.strictObject({
      event: eventName,
      within: duration('How long it is waited for; then the outcome is `expired`, and on_denied says what follows.'),
    }),
  ])
  .meta({ description: 'A duration (10m), { until: an instant }, or { event: a name, within: a duration }.' });

export const waitKind = stepKind({
  key: 'wait',
  description:
    'Waits: for a time, until an instant, or for an event that people or programs post to the run with `cordon runs signal <run> <event>`. The event `resolved` comes by itself when the source resolves an alert with the key of `dedupe`. An event that came before the wait began counts; each is used once. A run that waits a minute or more gives its working place to others.',
  schema: z.strictObject({ ...base, wait }),
  build: (value, making): WaitStep => ({ kind: 'wait', ...making.base, on: makeOn(value.wait, making) }),
});

function makeOn(value: z.output<typeof wait>, making: Making): WaitStep['on'] {
  if (typeof value === 'string') return { forMs: durationMs(value) };
  if ('until' in value) return { until: making.template(value.until, 'wait', 'until') };
  return { event: value.event, withinMs: durationMs(value.within) };
}
