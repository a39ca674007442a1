import { z } from 'zod';
import type { Json, SwitchStep } from '../plan.ts';
import { expression, stepList } from '../schema/values.ts';
import { base, type ListPlace, listUnder, stepKind } from './step-kind.ts';

export const switchKind = stepKind({
  key: 'switch',
  description:
    'One of several ways, by the word that an expression gives. Where no case fits, `else` is taken; without it, nothing is done.',
  schema: z.strictObject({
    ...base,
    switch: expression('What is compared with the cases.'),
    cases: z
      .record(z.string().min(1).max(100), stepList)
      .refine((cases) => Object.keys(cases).length > 0, 'must have a case')
      .refine((cases) => Object.keys(cases).length <= 50, 'must have at most 50 cases')
      .meta({ description: 'The words, each with its steps.' }),
    else: stepList.optional(),
  }),
  lists: (raw) => [...casesOf(raw), ...listUnder(raw, 'else', '-else')],
  build: (value, making): SwitchStep => ({
    kind: 'switch',
    ...making.base,
    value: making.expression(value.switch, 'condition', 'switch'),
    cases: Object.keys(value.cases).map((is) => ({ is, steps: making.list(`case ${is}`) })),
    else: making.list('else'),
  }),
});

function casesOf(raw: Readonly<Record<string, Json>>): readonly ListPlace[] {
  const { cases } = raw;
  if (typeof cases !== 'object' || cases === null || Array.isArray(cases)) return [];
  return Object.entries(cases).flatMap(([is, list], index) =>
    Array.isArray(list) ? [{ name: `case ${is}`, path: ['cases', is], raw: list, mark: `-case${index + 1}` }] : [],
  );
}
