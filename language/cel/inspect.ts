// One walk over a parsed expression: its bounds, and what it reads and calls. Nothing is evaluated.
import type { Expr, Expr_Call, ParsedExpr } from '@bufbuild/cel-spec/cel/expr/syntax_pb.js';
import type { ExpressionError, ExpressionErrorCode } from './failure.ts';
import { findFunction } from './functions.ts';

/** Of the parsed tree, loops (`exists`, `map` …) expanded. */
const MAX_NODES = 300;
/** A loop within a loop; not a third. */
const MAX_LOOP_NESTING = 2;
/** Characters of a regular expression. */
const MAX_PATTERN = 512;

/** A root and the members read from it, as far as they are written out: `steps.a.rows[0].id` is steps, [a, rows, [], id]. */
export interface Read {
  readonly root: string;
  readonly path: readonly string[];
  /** From 0, in the expression's text. */
  readonly offset: number;
  /** Relied upon (no), or asked for: with `has(…)`, or with `get(…)`, which takes a default for any part that is missing. */
  readonly asked: 'no' | 'has' | 'get';
}

interface Call {
  readonly name: string;
  readonly offset: number;
}

/** One side of a comparison: what it reads, or the text it is. */
type Side = { readonly read: Read } | { readonly text: string } | { readonly other: true };

export interface Comparison {
  readonly operator: '<' | '<=' | '>' | '>=' | '==' | '!=';
  readonly left: Side;
  readonly right: Side;
  readonly offset: number;
}

export interface Findings {
  readonly reads: readonly Read[];
  readonly calls: readonly Call[];
  readonly comparisons: readonly Comparison[];
  /** Regular expressions that are written out. */
  readonly patterns: readonly { readonly pattern: string; readonly offset: number }[];
  /** The first thing that may not be in an expression. */
  readonly error?: ExpressionError;
}

const OPERATORS: ReadonlySet<string> = new Set(
  [
    '_+_',
    '_-_',
    '_*_',
    '_/_',
    '_%_',
    '_?_:_',
    '_==_',
    '_!=_',
    '_<_',
    '_<=_',
    '_>_',
    '_>=_',
    '_&&_',
    '_||_',
    '!_',
    '-_',
    '@in',
    '_[_]',
  ].concat(
    '@not_strictly_false', // made by the loops
  ),
);

const NOT_JSON: ReadonlySet<string> = new Set(['bytesValue', 'uint64Value']);

const COMPARISONS: Readonly<Record<string, Comparison['operator']>> = {
  '_<_': '<',
  '_<=_': '<=',
  '_>_': '>',
  '_>=_': '>=',
  '_==_': '==',
  '_!=_': '!=',
};

interface Walk {
  readonly offsetOf: (expr: Expr) => number;
  readonly reads: Read[];
  readonly calls: Call[];
  readonly comparisons: Comparison[];
  readonly patterns: { readonly pattern: string; readonly offset: number }[];
  nodes: number;
  error?: ExpressionError;
}

export function inspect(parsed: ParsedExpr): Findings {
  const positions = parsed.sourceInfo?.positions ?? {};
  const walk: Walk = { offsetOf: (expr) => positions[`${expr.id}`] ?? 0, reads: [], calls: [], comparisons: [], patterns: [], nodes: 0 };
  for (const macro of Object.entries(parsed.sourceInfo?.macroCalls ?? {})) {
    const kind = macro[1].exprKind;
    if (kind.case === 'callExpr') walk.calls.push({ name: kind.value.function, offset: positions[macro[0]] ?? 0 });
  }
  if (parsed.expr) visit(walk, parsed.expr, new Set(), 0);
  const { reads, calls, comparisons, patterns, error } = walk;
  return { reads, calls, comparisons, patterns, ...(error ? { error } : {}) };
}

function visit(walk: Walk, expr: Expr, locals: ReadonlySet<string>, loops: number): void {
  walk.nodes += 1;
  if (walk.nodes > MAX_NODES)
    refuse(walk, expr, 'EXPRESSION_TOO_LARGE', `has more than ${MAX_NODES} parts; split it over steps with \`set\``);
  if (walk.error) return;
  const chain = readChain(expr);
  if (chain && !locals.has(chain.root)) walk.reads.push({ ...chain, offset: walk.offsetOf(chain.head) });
  if (chain) {
    for (const index of chain.indexes) visit(walk, index, locals, loops);
    return;
  }
  const kind = expr.exprKind;
  switch (kind.case) {
    case 'callExpr':
      visitCall(walk, expr, locals, loops);
      return;
    case 'selectExpr':
      visitAll(walk, [kind.value.operand], locals, loops);
      return;
    case 'listExpr':
      visitAll(walk, kind.value.elements, locals, loops);
      return;
    case 'structExpr':
      if (kind.value.messageName !== '') refuse(walk, expr, 'EXPRESSION_UNSUPPORTED', 'makes a typed object; write a map: {"a": 1}');
      for (const entry of kind.value.entries) {
        visitAll(walk, [entry.keyKind.case === 'mapKey' ? entry.keyKind.value : undefined, entry.value], locals, loops);
      }
      return;
    case 'comprehensionExpr': {
      if (loops >= MAX_LOOP_NESTING) {
        refuse(walk, expr, 'EXPRESSION_TOO_NESTED', `has loops nested deeper than ${MAX_LOOP_NESTING}`);
        return;
      }
      const loop = kind.value;
      const inner = new Set([...locals, loop.iterVar, loop.accuVar]);
      visitAll(walk, [loop.iterRange, loop.accuInit], locals, loops);
      visitAll(walk, [loop.loopCondition, loop.loopStep, loop.result], inner, loops + 1);
      return;
    }
    case 'constExpr':
      if (NOT_JSON.has(kind.value.constantKind.case ?? ''))
        refuse(walk, expr, 'EXPRESSION_UNSUPPORTED', 'has bytes or an unsigned number (1u); use text or a plain number');
      return;
    default:
      return;
  }
}

function visitAll(walk: Walk, all: readonly (Expr | undefined)[], locals: ReadonlySet<string>, loops: number): void {
  for (const expr of all) if (expr) visit(walk, expr, locals, loops);
}

function visitCall(walk: Walk, expr: Expr, locals: ReadonlySet<string>, loops: number): void {
  if (expr.exprKind.case !== 'callExpr') return;
  const call = expr.exprKind.value;
  const name = call.function;
  if (!OPERATORS.has(name)) {
    walk.calls.push({ name, offset: walk.offsetOf(expr) });
    const row = findFunction(name);
    if (!row) {
      refuse(walk, expr, 'EXPRESSION_UNKNOWN_FUNCTION', `calls ${name}(), which does not exist`);
      return;
    }
    const onDot = call.target !== undefined;
    if (row.on === (onDot ? 'argument' : 'dot') || !row.args.includes(call.args.length)) {
      refuse(walk, expr, 'EXPRESSION_TYPE', `calls ${name}() with other arguments than it takes: ${row.form}`);
      return;
    }
  }
  if (name === 'matches') {
    const pattern = readText(call.args[0]);
    if (pattern === undefined || pattern.length > MAX_PATTERN) {
      refuse(walk, expr, 'EXPRESSION_PATTERN', `needs the pattern of matches() written out as text, at most ${MAX_PATTERN} characters`);
      return;
    }
    walk.patterns.push({ pattern, offset: walk.offsetOf(expr) });
  }
  if (name === 'get' && visitGet(walk, call, locals, loops)) return;
  const operator = COMPARISONS[name];
  if (operator && call.args[0] && call.args[1]) {
    walk.comparisons.push({ operator, left: side(walk, call.args[0]), right: side(walk, call.args[1]), offset: walk.offsetOf(expr) });
  }
  visitAll(walk, [call.target, ...call.args], locals, loops);
}

/** `get(steps, 'a.b', x)` reads steps.a.b, softly. False where the path or the map is computed. */
function visitGet(walk: Walk, call: Expr_Call, locals: ReadonlySet<string>, loops: number): boolean {
  const [map, path, fallback] = call.args;
  const chain = map && readChain(map);
  const text = readText(path);
  if (!chain || text === undefined || locals.has(chain.root)) return false;
  walk.nodes += 3;
  const parts = text.split('.').map((part) => (/^\d+$/.test(part) ? '[]' : part));
  walk.reads.push({ root: chain.root, path: [...chain.path, ...parts], asked: 'get', offset: walk.offsetOf(chain.head) });
  visitAll(walk, [...chain.indexes, fallback], locals, loops);
  return true;
}

function readText(expr: Expr | undefined): string | undefined {
  const constant = expr?.exprKind.case === 'constExpr' ? expr.exprKind.value.constantKind : undefined;
  return constant?.case === 'stringValue' ? constant.value : undefined;
}

function side(walk: Walk, expr: Expr): Side {
  const chain = readChain(expr);
  if (chain) return { read: { root: chain.root, path: chain.path, asked: chain.asked, offset: walk.offsetOf(chain.head) } };
  const text = readText(expr);
  return text === undefined ? { other: true } : { text };
}

interface Chain extends Omit<Read, 'offset'> {
  readonly head: Expr;
  /** Indexes that are computed; walked on their own. */
  readonly indexes: readonly Expr[];
}

/** `a.b["c"][n].d` as one read; undefined for everything that does not begin with a name. */
function readChain(expr: Expr): Chain | undefined {
  const kind = expr.exprKind;
  if (kind.case === 'identExpr') return { root: kind.value.name, path: [], asked: 'no', head: expr, indexes: [] };
  if (kind.case === 'selectExpr' && kind.value.operand) {
    const operand = readChain(kind.value.operand);
    return operand && { ...operand, path: [...operand.path, kind.value.field], asked: kind.value.testOnly ? 'has' : operand.asked };
  }
  if (kind.case !== 'callExpr' || kind.value.function !== '_[_]') return undefined;
  const [target, index] = kind.value.args;
  const operand = target && readChain(target);
  if (!operand || !index) return undefined;
  const constant = index.exprKind.case === 'constExpr' ? index.exprKind.value.constantKind : undefined;
  if (constant?.case === 'stringValue') return { ...operand, path: [...operand.path, constant.value] };
  return { ...operand, path: [...operand.path, '[]'], indexes: constant ? operand.indexes : [...operand.indexes, index] };
}

function refuse(walk: Walk, expr: Expr, code: ExpressionErrorCode, message: string): void {
  walk.error ??= { code, message, offset: walk.offsetOf(expr) };
}
