import type { z } from 'zod';
import type { Approve, Escalation } from '../plan.ts';
import type { approve } from '../schema/values.ts';
import { durationMs } from './duration-ms.ts';
import type { Making } from './step-kind.ts';

export function makeApprove(value: z.output<typeof approve>, making: Making): Approve {
  const { count, ...who } = value.by;
  const { escalate } = value;
  const isList = Array.isArray(escalate);
  const [first, ...next] = (isList ? escalate : escalate === undefined ? [] : [escalate]).map(
    ({ after, to }, index): Escalation => ({
      afterMs: durationMs(after),
      to: making.people(to, 'approve', 'escalate', ...(isList ? [index] : []), 'to'),
    }),
  );
  return {
    by: { ...making.people(who, 'approve', 'by'), count },
    ...(value.unless === undefined ? {} : { unless: making.expression(value.unless, 'unless', 'approve', 'unless') }),
    withinMs: durationMs(value.within),
    remindMs: value.remind.map(durationMs),
    ...(first ? { escalate: first } : {}),
    ...(next.length === 0 ? {} : { escalateNext: next }),
  };
}
