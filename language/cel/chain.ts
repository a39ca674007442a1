// `a.b["c"][n].d` in a parsed expression: one read of a root.
import type { Expr } from '@bufbuild/cel-spec/cel/expr/syntax_pb.js';

/** A root and the members read from it, as far as they are written out: `steps.a.rows[0].id` is steps, [a, rows, [], id]. */
export interface Read {
  readonly root: string;
  readonly path: readonly string[];
  /** From 0, in the expression's text. */
  readonly offset: number;
  /** Relied upon (no), or asked for: with `has(…)`, or with `get(…)`, which takes a default for any part that is missing. */
  readonly asked: 'no' | 'has' | 'get';
}

export interface Chain extends Omit<Read, 'offset'> {
  readonly head: Expr;
  /** Indexes that are computed; walked on their own. */
  readonly indexes: readonly Expr[];
}

/** `a.b["c"][n].d` as one read; undefined for everything that does not begin with a name. */
export function readChain(expr: Expr): Chain | undefined {
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

/** The text that is written out there. */
export function readText(expr: Expr | undefined): string | undefined {
  const constant = expr?.exprKind.case === 'constExpr' ? expr.exprKind.value.constantKind : undefined;
  return constant?.case === 'stringValue' ? constant.value : undefined;
}
