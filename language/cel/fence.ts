// Makes an expression pay for what it does: `@round` before each round of a loop, `@weigh` around what a function or comparison looks through.
// The tree is our own, fresh from the parser, and is changed in place.

import { type Expr, type Expr_Call, ExprSchema } from '@bufbuild/cel-spec/cel/expr/syntax_pb.js';
import { create } from '@bufbuild/protobuf';

const FREE: ReadonlySet<string> = new Set(['_?_:_', '_&&_', '_||_', '!_', '@not_strictly_false', '_[_]']);

export function fence(expr: Expr | undefined): void {
  if (expr) fenceWithin(expr, '');
}

/** `built` is the name of what the loop around it builds. */
function fenceWithin(expr: Expr, built: string): void {
  const kind = expr.exprKind;
  switch (kind.case) {
    case 'selectExpr':
      if (kind.value.operand) fenceWithin(kind.value.operand, built);
      return;
    case 'callExpr': {
      const call = kind.value;
      for (const part of call.target ? [call.target, ...call.args] : call.args) fenceWithin(part, built);
      if (isAppend(call, built)) {
        call.function = '@append';
        return;
      }
      if (FREE.has(call.function)) return;
      call.args = call.args.map(weighed);
      if (call.target) call.target = call.function === 'matches' ? callOf('@text', [call.target]) : weighed(call.target);
      return;
    }
    case 'listExpr':
      for (const element of kind.value.elements) fenceWithin(element, built);
      return;
    case 'structExpr':
      for (const entry of kind.value.entries) {
        if (entry.keyKind.case === 'mapKey') fenceWithin(entry.keyKind.value, built);
        if (entry.value) fenceWithin(entry.value, built);
      }
      return;
    case 'comprehensionExpr': {
      const loop = kind.value;
      for (const part of [loop.iterRange, loop.accuInit]) if (part) fenceWithin(part, built);
      for (const part of [loop.loopCondition, loop.loopStep, loop.result]) if (part) fenceWithin(part, loop.accuVar);
      // As a choice, not as `&&`: there an error on one side is forgiven when the other is false.
      if (loop.loopCondition) loop.loopCondition = callOf('_?_:_', [callOf('@round', []), loop.loopCondition, falseConstant()]);
      return;
    }
    default:
      return;
  }
}

function isAppend(call: Expr_Call, built: string): boolean {
  const [first, second] = call.args;
  // `exists_one` counts with the same operator; only a list is appended.
  const grows = first?.exprKind.case === 'identExpr' && first.exprKind.value.name === built && second?.exprKind.case === 'listExpr';
  return call.function === '_+_' && grows;
}

function weighed(expr: Expr): Expr {
  return expr.exprKind.case === 'constExpr' ? expr : callOf('@weigh', [expr]);
}

function callOf(name: string, args: Expr[]): Expr {
  return create(ExprSchema, { exprKind: { case: 'callExpr', value: { function: name, args } } });
}

function falseConstant(): Expr {
  return create(ExprSchema, { exprKind: { case: 'constExpr', value: { constantKind: { case: 'boolValue', value: false } } } });
}
