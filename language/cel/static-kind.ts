// What kind of value an expression gives, as far as its text alone says so. No guesses: undefined where it depends on data.
import type { Expr, Expr_Call } from '@bufbuild/cel-spec/cel/expr/syntax_pb.js';
import { findFunction } from './functions/functions.ts';
import type { Kind } from './functions/row.ts';

const TRUTHS: ReadonlySet<string> = new Set(['_==_', '_!=_', '_<_', '_<=_', '_>_', '_>=_', '_&&_', '_||_', '!_', '@in']);
const NUMBERS: ReadonlySet<string> = new Set(['_-_', '_*_', '_/_', '_%_', '-_']);

export function kindOf(expr: Expr | undefined): Kind | undefined {
  const kind = expr?.exprKind;
  switch (kind?.case) {
    case 'constExpr':
      return constantKind(kind.value.constantKind.case);
    case 'listExpr':
      return 'list';
    case 'structExpr':
      return 'map';
    case 'selectExpr':
      return kind.value.testOnly ? 'boolean' : undefined;
    case 'callExpr':
      return callKind(kind.value);
    case 'comprehensionExpr':
      // all and exists build a truth value, filter and map a list; exists_one counts, and asks in its result.
      return kindOf(kind.value.result) ?? kindOf(kind.value.accuInit);
    default:
      return undefined;
  }
}

function constantKind(constant: string | undefined): Kind | undefined {
  if (constant === 'stringValue') return 'text';
  if (constant === 'boolValue') return 'boolean';
  if (constant === 'nullValue') return 'null';
  return constant === 'int64Value' || constant === 'doubleValue' ? 'number' : undefined;
}

function callKind(call: Expr_Call): Kind | undefined {
  if (TRUTHS.has(call.function)) return 'boolean';
  if (NUMBERS.has(call.function)) return 'number';
  const [first, second, third] = call.args;
  if (call.function === '_+_') return kindOf(first) ?? kindOf(second);
  if (call.function === '_?_:_') return kindOf(second) === kindOf(third) ? kindOf(second) : undefined;
  const gives = findFunction(call.function)?.gives;
  return gives === 'any' ? undefined : gives;
}
