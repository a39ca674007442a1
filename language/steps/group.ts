import { z } from 'zod';
import type { GroupStep } from '../plan.ts';
import { approve, stepList } from '../schema/values.ts';
import { makeApprove } from './approve.ts';
import { base, listUnder, stepKind } from './step-kind.ts';

export const groupKind = stepKind({
  key: 'group',
  description: 'Steps that belong together; with `approve`, one decision over all of them.',
  schema: z.strictObject({ ...base, group: stepList, approve: approve.optional() }),
  lists: (raw) => listUnder(raw, 'group', ''),
  build: (value, making): GroupStep => ({
    kind: 'group',
    ...making.base,
    steps: making.list('group'),
    ...(value.approve === undefined ? {} : { approve: makeApprove(value.approve, making) }),
  }),
});
