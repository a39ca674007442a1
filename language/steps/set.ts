import { z } from 'zod';
import type { SetStep } from '../plan.ts';
import { template, variableName } from '../schema/values.ts';
import { base, stepKind } from './step-kind.ts';

export const setKind = stepKind({
  key: 'set',
  description: 'Changes variables. All values are computed before the first is written.',
  schema: z.strictObject({
    ...base,
    set: z.record(variableName, template('The new value.')).meta({ description: 'Variables and their new values.' }),
  }),
  build: (value, making): SetStep => ({ kind: 'set', ...making.base, vars: making.templates(value.set, 'set') }),
});
