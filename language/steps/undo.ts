import { z } from 'zod';
import type { UndoStep } from '../plan.ts';
import { text } from '../schema/values.ts';
import { base, stepKind } from './step-kind.ts';

export const undoKind = stepKind({
  key: 'undo',
  description: 'Takes back effects of this run, the last first.',
  schema: z.strictObject({
    ...base,
    undo: z
      .union([text('all, or the id of a step.', 40), z.array(text('The id of a step.', 40)).min(1).max(100)])
      .meta({ description: 'all, or the ids of the steps whose effects are taken back.' }),
  }),
  build: (value, making): UndoStep => ({
    kind: 'undo',
    ...making.base,
    scope: value.undo === 'all' ? 'all' : typeof value.undo === 'string' ? [value.undo] : value.undo,
  }),
});
