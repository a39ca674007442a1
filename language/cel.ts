// Expressions: parse, refer, evaluate. Listed in the workflow bundle's preloadModules, because building the environment takes 7 to 8 ms.
// Pure: no clock, no randomness, no zones but UTC (there is no time in expressions at all). Never throws.
import { type CelInput, type CelResult, celEnv, isCelError, parse, plan } from '@bufbuild/cel';
import { createBudget } from './cel/budget.ts';
import { explain } from './cel/explain.ts';
import type { ExpressionError } from './cel/failure.ts';
import { fence } from './cel/fence.ts';
import { type Findings, inspect } from './cel/inspect.ts';
import { ownFunctions } from './cel/operators.ts';
import { parseTree } from './cel/parse-expression.ts';
import { recordToCelMap, toCelValue, toJson } from './cel/values.ts';
import type { Json } from './plan.ts';

export type { Read } from './cel/chain.ts';
export type { ExpressionError } from './cel/failure.ts';
export type { Arithmetic, Comparison, Side, Truth } from './cel/inspect.ts';

/** Characters of one expression. */
const MAX_EXPRESSION = 4096;
/** Parsed expressions kept; the oldest goes first. */
const MAX_CACHED = 500;

export type Roots = Readonly<Record<string, unknown>>;
export type Evaluation = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly error: ExpressionError };

export interface Expression extends Findings {
  /** Names that must be given. */
  readonly roots: readonly string[];
}

export type ParsedExpression =
  | { readonly ok: true; readonly expression: Expression }
  | { readonly ok: false; readonly error: ExpressionError };

interface Program {
  readonly expression: Expression;
  readonly run: (bindings: Record<string, CelInput>) => CelResult;
  /** Says what an error was about. */
  readonly explain: (error: unknown) => ExpressionError;
}

type Compiled = { readonly ok: true; readonly program: Program } | { readonly ok: false; readonly error: ExpressionError };

const budget = createBudget();
const environment = celEnv({ funcs: ownFunctions(budget) });
const tryPattern = plan(environment, parse("''.matches(pattern)"));
const compileCached = cached(compile);

/** Checks an expression without evaluating it; the answer says what it reads and calls. */
export function parseExpression(source: string): ParsedExpression {
  const compiled = compileCached(source);
  return compiled.ok ? { ok: true, expression: compiled.program.expression } : compiled;
}

/** The value as plain JSON. A root that is not given, a member that is not there, a bound that is passed: an error without any value in its text. */
export function evaluate(source: string, roots: Roots): Evaluation {
  const compiled = compileCached(source);
  if (!compiled.ok) return compiled;
  const { program } = compiled;
  try {
    const bound = bind(program.expression, roots);
    if (!bound.ok) return bound;
    budget.reset();
    const result = program.run(bound.bindings);
    return isCelError(result) ? { ok: false, error: program.explain(result) } : { ok: true, value: toJson(result) };
  } catch (error) {
    return { ok: false, error: program.explain(error) };
  }
}

function compile(source: string): Compiled {
  if (source.trim() === '') return fail('EXPRESSION_EMPTY', 'is empty');
  if (source.length > MAX_EXPRESSION) return fail('EXPRESSION_TOO_LONG', `is longer than ${MAX_EXPRESSION} characters`);
  try {
    const parsed = parseTree(source);
    const findings = inspect(parsed);
    if (findings.error) return { ok: false, error: findings.error };
    const bad = findings.patterns.find(({ pattern }) => isCelError(tryPattern({ pattern })));
    if (bad)
      return {
        ok: false,
        error: {
          code: 'EXPRESSION_PATTERN',
          message: 'has a regular expression that cannot be read (RE2 has no look-ahead and no back-references)',
          offset: bad.offset,
        },
      };
    const roots = [...new Set(findings.reads.map((read) => read.root))];
    return {
      ok: true,
      program: { expression: { ...findings, roots }, run: planLater(parsed), explain: (error) => explain(error, parsed) },
    };
  } catch (error) {
    return { ok: false, error: explainSyntax(error, source) };
  }
}

// Checks only parse; the plan is made when the expression is first evaluated.
function planLater(parsed: ReturnType<typeof parseTree>): Program['run'] {
  let planned: Program['run'] | undefined;
  return (bindings) => {
    if (!planned) {
      fence(parsed.expr);
      planned = plan(environment, parsed);
    }
    return planned(bindings);
  };
}

type Bound = { readonly ok: true; readonly bindings: Record<string, CelInput> } | { readonly ok: false; readonly error: ExpressionError };

// Only what the expression reads is converted: an alert may be a megabyte, and most expressions want one member.
function bind(expression: Expression, roots: Roots): Bound {
  // Without a prototype, so that `toString` and `__proto__` are unknown names.
  const bindings: Record<string, CelInput> = Object.create(null);
  for (const root of expression.roots) {
    const value = Object.hasOwn(roots, root) ? roots[root] : undefined;
    if (value === undefined) return fail('EXPRESSION_UNKNOWN_NAME', `uses ${root}, which is not known here`);
    const members = expression.reads.filter((read) => read.root === root).map((read) => read.path[0]);
    const named = members.filter((member): member is string => member !== undefined && member !== '[]');
    const whole = named.length < members.length || typeof value !== 'object' || value === null || Array.isArray(value);
    bindings[root] = whole ? toCelValue(value) : recordToCelMap(value, named);
  }
  return { ok: true, bindings };
}

function explainSyntax(error: unknown, source: string): ExpressionError {
  if (error instanceof RangeError) return { code: 'EXPRESSION_TOO_NESTED', message: 'is nested too deeply' };
  const offset = readOffset(error);
  if (offset === undefined) return { code: 'EXPRESSION_SYNTAX', message: 'cannot be read' };
  const rest = source.slice(offset).trim().slice(0, 20);
  return { code: 'EXPRESSION_SYNTAX', message: rest ? `cannot be read from \`${rest}\` on` : 'ends too early', offset };
}

function readOffset(error: unknown): number | undefined {
  const location: unknown = typeof error === 'object' && error !== null && 'location' in error ? error.location : undefined;
  const start: unknown = typeof location === 'object' && location !== null && 'start' in location ? location.start : undefined;
  const offset: unknown = typeof start === 'object' && start !== null && 'offset' in start ? start.offset : undefined;
  return typeof offset === 'number' ? offset : undefined;
}

function fail(code: ExpressionError['code'], message: string): { readonly ok: false; readonly error: ExpressionError } {
  return { ok: false, error: { code, message } };
}

// In a closure, because exports of preloaded modules are frozen. Same text, same answer: replays see no difference between a hit and a miss.
function cached(make: (source: string) => Compiled): (source: string) => Compiled {
  const known = new Map<string, Compiled>();
  return (source) => {
    const found = known.get(source);
    if (found) return found;
    const made = make(source);
    if (known.size >= MAX_CACHED) for (const oldest of [...known.keys()].slice(0, MAX_CACHED / 10)) known.delete(oldest);
    if (source.length <= MAX_EXPRESSION) known.set(source, made);
    return made;
  };
}
