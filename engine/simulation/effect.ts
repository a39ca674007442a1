// One effect or read of a simulated run, as people and scripts see it: by which step, which verb, on whom, with what.
import { own } from '../../language/own.ts';
import type { Json } from '../../language/plan.ts';
import { labelOf } from '../../language/rows.ts';
import { VERBS } from '../../language/verbs.ts';
import type { PerformItem } from '../command.ts';

export interface Effect {
  readonly step: string;
  readonly key: string;
  readonly verb: string;
  /** What it is done to, in words. */
  readonly target?: string;
  readonly params: Readonly<Record<string, Json>>;
}

export function effectOf({ id, key, verb, params }: PerformItem): Effect {
  const value = targetOf(verb, params);
  return { step: id, key, verb, ...(value === undefined ? {} : { target: labelOf(value) }), params };
}

/** The parameter that says what is acted on. */
export function targetOf(verb: string, params: Readonly<Record<string, Json>>): Json | undefined {
  const name = own(VERBS, verb)?.target;
  return name === undefined ? undefined : own(params, name);
}
