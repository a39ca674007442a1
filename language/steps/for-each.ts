import { z } from 'zod';
import type { ForEachStep } from '../plan.ts';
import { approve, stepList, template, variableName } from '../schema/values.ts';
import { makeApprove } from './approve.ts';
import { base, listUnder, stepKind } from './step-kind.ts';

/** More items than this are refused when the list is known. */
const MAX_ITEMS = 10_000;
const MAX_AT_ONCE = 500;

export const forEachKind = stepKind({
  key: 'for_each',
  description:
    'The steps once for each item of a list, `at_once` of them at a time. An item that fails stops no other: when all have had their turn, the step has failed. `steps.<id>.counts` says how many items ended how, each counted once, by the worst that happened to it; `steps.<id>.left` has the first hundred that did not end well.',
  schema: z.strictObject({
    ...base,
    for_each: z
      .record(variableName, template('The list.'))
      .refine((names) => Object.keys(names).length === 1, 'must name one variable: { user: "${{ inputs.users }}" }')
      .meta({ description: 'The variable that holds the item, and the list: { user: "${{ inputs.users }}" }.' }),
    max: z
      .int()
      .min(1)
      .max(MAX_ITEMS)
      .meta({ description: 'How many items there may be at the most. A longer list fails the step before anything is done.' }),
    at_once: z
      .int()
      .min(1)
      .max(MAX_AT_ONCE)
      .default(1)
      .meta({ description: 'How many items are worked on at a time. Default 1: in order.' }),
    steps: stepList,
    approve: approve.optional(),
  }),
  lists: (raw) => listUnder(raw, 'steps', ''),
  build: (value, making): ForEachStep => {
    const [name = 'item'] = Object.keys(value.for_each);
    return {
      kind: 'for_each',
      ...making.base,
      name,
      of: making.template(value.for_each[name], 'for_each', name),
      max: value.max,
      atOnce: value.at_once,
      steps: making.list('steps'),
      ...(value.approve === undefined ? {} : { approve: makeApprove(value.approve, making) }),
    };
  },
});
