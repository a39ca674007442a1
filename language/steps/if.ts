import { z } from 'zod';
import type { IfStep } from '../plan.ts';
import { expression, stepList } from '../schema/values.ts';
import { base, listUnder, stepKind } from './step-kind.ts';

export const ifKind = stepKind({
  key: 'if',
  description: 'One of two ways.',
  schema: z.strictObject({ ...base, if: expression('Which way.'), then: stepList, else: stepList.optional() }),
  lists: (raw) => [...listUnder(raw, 'then', '-then'), ...listUnder(raw, 'else', '-else')],
  build: (value, making): IfStep => ({
    kind: 'if',
    ...making.base,
    condition: making.expression(value.if, 'condition', 'if'),
    then: making.list('then'),
    else: making.list('else'),
  }),
});
