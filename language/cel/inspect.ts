// One walk over a parsed expression: its bounds, and what it reads and calls. Nothing is evaluated.

import type { Expr, Expr_Call, ParsedExpr } from '@bufbuild/cel-spec/cel/expr/syntax_pb.js';
import { own } from '../own.ts';
import { type Chain, type Read, readChain, readText } from './chain.ts';
import type { ExpressionError, ExpressionErrorCode } from './failure.ts';
import { findFunction } from './functions/functions.ts';
import { argumentsOf, arityOf, type FunctionRow, formOf, type Kind, kindsOf } from './functions/row.ts';
import { type Locals, listOf, throughLocals } from './items.ts';
import { kindOf } from './static-kind.ts';

/** Of the parsed tree, loops (`exists`, `map` …) expanded. */
const MAX_NODES = 300;
/** A loop within a loop; not a third. */
const MAX_LOOP_NESTING = 2;
/** Characters of a regular expression. */
const MAX_PATTERN = 512;

interface Call {
  readonly name: string;
  readonly offset: number;
}

export interface Argument {
  readonly function: string;
  /** Name of the argument in the table of functions. */
  readonly name: string;
  readonly kinds: readonly Kind[];
  readonly read: Read;
}

/** One side of an operator: what it reads, or the text it is, or something else with its kind where its text alone says it. */
export type Side =
  | { readonly read: Read }
  | { readonly text: string }
  | { readonly other: true; readonly kind?: Kind; readonly isZero?: true; readonly isWhole?: true };

interface Operation<Operator> {
  readonly operator: Operator;
  readonly left: Side;
  readonly right: Side;
  readonly offset: number;
}

export type Comparison = Operation<'<' | '<=' | '>' | '>=' | '==' | '!='>;
export type Arithmetic = Operation<'+' | '-' | '*' | '/' | '%'>;

/** What `!`, `&&`, `||` or the question of `? :` is asked of. */
export interface Truth {
  readonly operator: '!' | '&&' | '||' | '? :';
  readonly side: Side;
  readonly offset: number;
}

export interface Findings {
  readonly reads: readonly Read[];
  readonly calls: readonly Call[];
  /** `a in ['b', 'c']` is a comparison with each of the texts. */
  readonly comparisons: readonly Comparison[];
  readonly arithmetic: readonly Arithmetic[];
  readonly truths: readonly Truth[];
  /** What loops read of the items of a list that is itself read from a root. */
  readonly items: readonly Read[];
  /** What functions are given straight from a root, where they do not take every kind. */
  readonly arguments: readonly Argument[];
  /** Regular expressions that are written out. */
  readonly patterns: readonly { readonly pattern: string; readonly offset: number }[];
  /** What the whole gives, where its text alone says so. */
  readonly kind?: Kind;
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

const ARITHMETIC: Readonly<Record<string, Arithmetic['operator']>> = { '_+_': '+', '_-_': '-', '_*_': '*', '_/_': '/', '_%_': '%' };

interface Walk {
  readonly offsetOf: (expr: Expr) => number;
  readonly macros: Readonly<Record<string, Expr>>;
  readonly reads: Read[];
  readonly calls: Call[];
  readonly comparisons: Comparison[];
  readonly arithmetic: Arithmetic[];
  readonly truths: Truth[];
  readonly items: Read[];
  readonly arguments: Argument[];
  readonly patterns: { readonly pattern: string; readonly offset: number }[];
  nodes: number;
  error?: ExpressionError;
}

export function inspect(parsed: ParsedExpr): Findings {
  const positions = parsed.sourceInfo?.positions ?? {};
  const walk: Walk = {
    offsetOf: (expr) => positions[`${expr.id}`] ?? 0,
    macros: parsed.sourceInfo?.macroCalls ?? {},
    reads: [],
    calls: [],
    comparisons: [],
    arithmetic: [],
    truths: [],
    items: [],
    arguments: [],
    patterns: [],
    nodes: 0,
  };
  for (const macro of Object.entries(parsed.sourceInfo?.macroCalls ?? {})) {
    const kind = macro[1].exprKind;
    if (kind.case === 'callExpr') walk.calls.push({ name: kind.value.function, offset: positions[macro[0]] ?? 0 });
  }
  if (parsed.expr) visit(walk, parsed.expr, new Map(), 0);
  const { nodes: _nodes, offsetOf: _offsetOf, macros: _macros, ...found } = walk;
  const kind = kindOf(parsed.expr);
  return { ...found, ...(kind ? { kind } : {}) };
}

function visit(walk: Walk, expr: Expr, locals: Locals, loops: number): void {
  walk.nodes += 1;
  if (walk.nodes > MAX_NODES)
    refuse(walk, expr, 'EXPRESSION_TOO_LARGE', `has more than ${MAX_NODES} parts; split it over steps with \`set\``);
  if (walk.error) return;
  const chain = readChain(expr);
  if (chain && !locals.has(chain.root)) walk.reads.push(readOf(walk, chain));
  if (chain) {
    const item = locals.has(chain.root) ? throughLocals(chain, locals) : undefined;
    if (item) walk.items.push(readOf(walk, item));
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
      const inner = new Map([...locals, [loop.iterVar, listOf(loop.iterRange, locals, walk.macros)], [loop.accuVar, undefined]]);
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

function visitAll(walk: Walk, all: readonly (Expr | undefined)[], locals: Locals, loops: number): void {
  for (const expr of all) if (expr) visit(walk, expr, locals, loops);
}

function visitCall(walk: Walk, expr: Expr, locals: Locals, loops: number): void {
  if (expr.exprKind.case !== 'callExpr') return;
  const call = expr.exprKind.value;
  const name = call.function;
  if (!OPERATORS.has(name) && !checkCall(walk, expr, call, locals)) return;
  if (name === 'get' && visitGet(walk, call, locals, loops)) return;
  noteOperation(walk, expr, call, locals);
  noteTruths(walk, call, locals);
  visitAll(walk, [call.target, ...call.args], locals, loops);
}

/** Against the function's row: that there is one, how it is written, how many arguments, and what their text alone says of them. */
function checkCall(walk: Walk, expr: Expr, call: Expr_Call, locals: Locals): boolean {
  const name = call.function;
  walk.calls.push({ name, offset: walk.offsetOf(expr) });
  const row = findFunction(name);
  if (!row) {
    refuse(walk, expr, 'EXPRESSION_UNKNOWN_FUNCTION', `calls ${name}(), which does not exist`);
    return false;
  }
  const given = call.target ? [call.target, ...call.args] : call.args;
  const { least, most } = arityOf(row);
  if (row.on === (call.target ? 'argument' : 'dot') || given.length < least || given.length > most) {
    refuse(walk, expr, 'EXPRESSION_TYPE', `calls ${name}() with other arguments than it takes: ${formOf(row)}`);
    return false;
  }
  return given.every((argument, index) => checkArgument(walk, row, argument, index, locals));
}

function checkArgument(walk: Walk, row: FunctionRow, argument: Expr, index: number, locals: Locals): boolean {
  const declared = argumentsOf(row)[index];
  const kinds = declared && kindsOf(declared.takes);
  if (!declared || !kinds) return true;
  if (declared.takes === 'pattern') {
    const pattern = readText(argument);
    if (pattern === undefined || pattern.length > MAX_PATTERN) {
      refuse(
        walk,
        argument,
        'EXPRESSION_PATTERN',
        `needs the pattern of ${row.name}() written out as text, at most ${MAX_PATTERN} characters`,
      );
      return false;
    }
    walk.patterns.push({ pattern, offset: walk.offsetOf(argument) });
    return true;
  }
  const chain = readChain(argument);
  if (chain && !locals.has(chain.root)) walk.arguments.push({ function: row.name, name: declared.name, kinds, read: readOf(walk, chain) });
  const kind = kindOf(argument);
  if (!kind || kinds.includes(kind)) return true;
  refuse(walk, argument, 'EXPRESSION_TYPE', `gives ${row.name}() ${kind} for its ${declared.name}, which is ${kinds.join(' or ')}`);
  return false;
}

/** `get(steps, 'a.b', x)` reads steps.a.b, softly. False where the path or the map is computed. */
function visitGet(walk: Walk, call: Expr_Call, locals: Locals, loops: number): boolean {
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

function noteOperation(walk: Walk, expr: Expr, call: Expr_Call, locals: Locals): void {
  const [left, right] = call.args;
  const comparison = own(COMPARISONS, call.function);
  const arithmetic = own(ARITHMETIC, call.function);
  if (!left || !right) return;
  const sides = { left: side(walk, left, locals), right: side(walk, right, locals), offset: walk.offsetOf(expr) };
  if (comparison) walk.comparisons.push({ operator: comparison, ...sides });
  if (arithmetic) walk.arithmetic.push({ operator: arithmetic, ...sides });
  if (call.function !== '@in' || right.exprKind.case !== 'listExpr') return;
  for (const one of right.exprKind.value.elements) {
    const text = readText(one);
    if (text !== undefined) walk.comparisons.push({ operator: '==', left: sides.left, right: { text }, offset: walk.offsetOf(one) });
  }
}

const TRUTHS: Readonly<Record<string, Truth['operator']>> = { '!_': '!', '_&&_': '&&', '_||_': '||', '_?_:_': '? :' };

function noteTruths(walk: Walk, call: Expr_Call, locals: Locals): void {
  const operator = own(TRUTHS, call.function);
  if (!operator) return;
  for (const one of operator === '? :' ? call.args.slice(0, 1) : call.args)
    walk.truths.push({ operator, side: side(walk, one, locals), offset: walk.offsetOf(one) });
}

function side(walk: Walk, expr: Expr, locals: Locals): Side {
  const chain = readChain(expr);
  const read = chain && throughLocals(chain, locals);
  if (read) return { read: readOf(walk, read) };
  const text = readText(expr);
  if (text !== undefined) return { text };
  const kind = chain ? undefined : kindOf(expr);
  return { other: true, ...(kind ? { kind } : {}), ...(isZero(expr) ? { isZero: true } : {}), ...(isWhole(expr) ? { isWhole: true } : {}) };
}

function isZero({ exprKind }: Expr): boolean {
  const constant = exprKind.case === 'constExpr' ? exprKind.value.constantKind : undefined;
  return (constant?.case === 'int64Value' || constant?.case === 'doubleValue') && Number(constant.value) === 0;
}

/** A number that CEL divides without a rest, whatever the data: `2`, `size(…)`, `int(…)`. */
function isWhole({ exprKind }: Expr): boolean {
  if (exprKind.case === 'constExpr') return exprKind.value.constantKind.case === 'int64Value';
  return exprKind.case === 'callExpr' && ['size', 'int'].includes(exprKind.value.function);
}

const readOf = (walk: Walk, chain: Chain): Read => ({
  root: chain.root,
  path: chain.path,
  asked: chain.asked,
  offset: walk.offsetOf(chain.head),
});

function refuse(walk: Walk, expr: Expr, code: ExpressionErrorCode, message: string): void {
  walk.error ??= { code, message, offset: walk.offsetOf(expr) };
}
