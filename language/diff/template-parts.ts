// Values that a playbook gives to something, by name.

import type { Template } from '../plan.ts';
import { templateWords } from '../words/expression-words.ts';
import { plainName } from './around.ts';
import { type Part, part } from './fact.ts';

/** One part for each name, so that the one that changed is told. The title names the target. */
export const templateParts = (what: string, values: Readonly<Record<string, Template>>, target?: string): Record<string, Part> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const words = templateWords(value, plainName);
      return name === target ? ['target', part(`on ${words}`, value)] : [`${what}.${name}`, part(`${name}: ${words}`, value)];
    }),
  );
