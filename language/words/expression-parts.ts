// Parts of a parsed expression: the path, the call, the text or the constant that it is; undefined where it is something else.
import type { Expr } from '@bufbuild/cel-spec/cel/expr/syntax_pb.js';

/** `a.b['c']` and `get(a, 'b.c', …)` as [a, b, c]; undefined for what is computed. */
export function pathOf(expr: Expr): readonly string[] | undefined {
  const kind = expr.exprKind;
  if (kind.case === 'identExpr') return [kind.value.name];
  if (kind.case === 'selectExpr') {
    const operand = kind.value.operand && !kind.value.testOnly ? pathOf(kind.value.operand) : undefined;
    return operand && [...operand, kind.value.field];
  }
  const call = callOf(expr);
  const [of, at] = call?.args ?? [];
  const text = at && textOf(at);
  const inner = of && pathOf(of);
  if (inner === undefined || text === undefined) return undefined;
  return call?.function === 'get' ? [...inner, ...text.split('.')] : call?.function === '_[_]' ? [...inner, text] : undefined;
}

export const callOf = (expr: Expr) => (expr.exprKind.case === 'callExpr' ? expr.exprKind.value : undefined);

export function textOf(expr: Expr): string | undefined {
  const constant = expr.exprKind.case === 'constExpr' ? expr.exprKind.value.constantKind : undefined;
  return constant?.case === 'stringValue' ? constant.value : undefined;
}

export function constantOf(expr: Expr): string | undefined {
  const constant = expr.exprKind.case === 'constExpr' ? expr.exprKind.value.constantKind : undefined;
  if (constant === undefined || constant.case === 'bytesValue' || constant.case === undefined) return undefined;
  if (constant.case === 'nullValue') return 'nothing';
  return constant.case === 'stringValue' && constant.value === '' ? 'empty' : String(constant.value);
}
