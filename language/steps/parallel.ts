import { z } from 'zod';
import type { Json, ParallelStep } from '../plan.ts';
import { approve } from '../schema/values.ts';
import { makeApprove } from './approve.ts';
import { base, type ListPlace, stepKind } from './step-kind.ts';

export const parallelKind = stepKind({
  key: 'parallel',
  description: 'Branches at the same time. A branch is a step or a list of steps.',
  schema: z.strictObject({
    ...base,
    parallel: z
      .array(z.unknown())
      .min(2, 'must have two branches or more')
      .max(50)
      .meta({ part: 'Branches', description: 'The branches: each a step, or a list of steps done in order.' }),
    join: z.enum(['all', 'any']).default('all').meta({
      description:
        'all: it ends when every branch has ended (the default) · any: with the first that ends well, also where all of it was skipped; the others are cancelled.',
    }),
    approve: approve.optional(),
  }),
  lists: branches,
  build: (value, making): ParallelStep => ({
    kind: 'parallel',
    ...making.base,
    branches: value.parallel.map((_, index) => making.list(String(index))),
    join: value.join,
    ...(value.approve === undefined ? {} : { approve: makeApprove(value.approve, making) }),
  }),
});

function branches(raw: Readonly<Record<string, Json>>): readonly ListPlace[] {
  const list = raw.parallel;
  if (!Array.isArray(list)) return [];
  return list.map((branch: Json, index) => ({ name: String(index), path: ['parallel', index], raw: branch, mark: `-${index + 1}` }));
}
