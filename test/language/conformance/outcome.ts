// What our evaluation makes of one conformance test.
import { evaluate, parseExpression } from '../../../language/cel.ts';
import type { ConformanceTest } from './suite.ts';
import { toPlainJson } from './values.ts';

/** as the specification says · a code: refused with it, no value given · another value. */
export type Outcome = 'same' | 'another value' | { readonly code: string };

export function outcomeOf(test: ConformanceTest): Outcome {
  const parsed = parseExpression(test.source);
  // An error that was asked for counts only where the expression was tried, or is no CEL at all.
  if (!parsed.ok) return test.value === undefined && parsed.error.code === 'EXPRESSION_SYNTAX' ? 'same' : { code: parsed.error.code };
  const roots = Object.fromEntries(Object.entries(test.bindings).map(([name, value]) => [name, toPlainJson(value)]));
  const evaluation = evaluate(test.source, roots);
  if (test.value === undefined) return evaluation.ok ? 'another value' : 'same';
  if (!evaluation.ok) return { code: evaluation.error.code };
  return sorted(evaluation.value) === sorted(toPlainJson(test.value)) ? 'same' : 'another value';
}

// Maps have no order; -0 is 0.
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
