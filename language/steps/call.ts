import { z } from 'zod';
import type { CallStep } from '../plan.ts';
import { playbookName, template } from '../schema/values.ts';
import { base, stepKind } from './step-kind.ts';

export const callKind = stepKind({
  key: 'call',
  description:
    'Does the steps of another playbook, as a part of this run: the same incident, the same place in the queue, and an undo of this run takes back what it did. It sees its own inputs, steps and variables only; `steps.<id>` has its declared outputs, and `ended`: completed, or the word of its stop. The called playbook is a part of the version that is published.',
  schema: z.strictObject({
    ...base,
    call: playbookName,
    with: z
      .record(z.string(), template('The value of the input.'))
      .default({})
      .meta({ description: 'Fills the inputs of the called playbook.' }),
  }),
  build: (value, making): CallStep => ({
    kind: 'call',
    ...making.base,
    playbook: value.call,
    with: making.templates(value.with, 'with'),
    callee: making.callee(value.call),
  }),
});
