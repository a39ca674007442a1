import type { z } from 'zod';
import type { Approve } from '../plan.ts';
import type { approve } from '../schema/values.ts';
import { durationMs } from './duration-ms.ts';
import type { Making } from './step-kind.ts';

export function makeApprove(value: z.output<typeof approve>, making: Making): Approve {
  const { count, ...who } = value.by;
  return {
    by: { ...making.people(who, 'approve', 'by'), count },
    ...(value.unless === undefined ? {} : { unless: making.expression(value.unless, 'unless', 'approve', 'unless') }),
    withinMs: durationMs(value.within),
    remindMs: value.remind.map(durationMs),
    ...(value.escalate === undefined
      ? {}
      : { escalate: { afterMs: durationMs(value.escalate.after), to: making.people(value.escalate.to, 'approve', 'escalate', 'to') } }),
  };
}
