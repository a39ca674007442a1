// An error of the CEL library in our words: what was being read or called, and types; never a value, since the library puts values into some of its texts.
import { isCelError } from '@bufbuild/cel';
import type { Expr, ParsedExpr } from '@bufbuild/cel-spec/cel/expr/syntax_pb.js';
import { type ExpressionError, readRaised } from './failure.ts';

const NO_OVERLOAD = /^found no matching overload for '([^']*)' applied to '([^']*)'$/;
const OPERATOR = /^[_!-]|@in$/;

export function explain(error: unknown, parsed: ParsedExpr): ExpressionError {
  const text = error instanceof Error ? error.message : '';
  const raised = readRaised(text);
  if (raised) return raised;
  if (error instanceof RangeError) return { code: 'EXPRESSION_TOO_NESTED', message: 'is nested too deeply' };
  const node = isCelError(error) && error.exprId ? find(parsed.expr, error.exprId) : undefined;
  const offset = node && parsed.sourceInfo?.positions[`${node.id}`];
  const place = offset === undefined ? {} : { offset };
  const what = node ? write(node) : 'it';
  const overload = NO_OVERLOAD.exec(text);
  if (overload)
    return { code: 'EXPRESSION_TYPE', message: `${call(overload[1] ?? '')} does not take ${types(overload[2] ?? '')}`, ...place };
  if (text.startsWith('type mismatch'))
    return { code: 'EXPRESSION_TYPE', message: `${what} has not the type that is needed here`, ...place };
  if (text.startsWith('index ')) return { code: 'EXPRESSION_MISSING', message: `a place [ ] in ${what} is not there`, ...place };
  if (text.startsWith('field not found') || text === 'unresolved attribute') {
    return { code: 'EXPRESSION_MISSING', message: `${what} or a part of it is not there`, ...place };
  }
  return { code: 'EXPRESSION_FAILED', message: `${what} could not be computed`, ...place };
}

const call = (name: string): string => (OPERATOR.test(name) ? `the operator ${name.replaceAll('_', '').replace('@', '')}` : `${name}()`);

// "(string, int)", "list(dyn).(string)": names of types only.
const types = (list: string): string =>
  list.replaceAll('null_type', 'null').replaceAll('dyn', 'any').replaceAll('double', 'number').replaceAll('int', 'number');

function find(expr: Expr | undefined, id: bigint): Expr | undefined {
  if (!expr || expr.id === id) return expr;
  for (const child of children(expr)) {
    const found = find(child, id);
    if (found) return found;
  }
  return undefined;
}

function children(expr: Expr): readonly (Expr | undefined)[] {
  const kind = expr.exprKind;
  switch (kind.case) {
    case 'selectExpr':
      return [kind.value.operand];
    case 'callExpr':
      return [kind.value.target, ...kind.value.args];
    case 'listExpr':
      return kind.value.elements;
    case 'structExpr':
      return kind.value.entries.flatMap((entry) => [entry.keyKind.case === 'mapKey' ? entry.keyKind.value : undefined, entry.value]);
    case 'comprehensionExpr':
      return [kind.value.iterRange, kind.value.accuInit, kind.value.loopCondition, kind.value.loopStep, kind.value.result];
    default:
      return [];
  }
}

// As the author wrote it, roughly; constants of the text are the author's own.
function write(expr: Expr): string {
  const kind = expr.exprKind;
  if (kind.case === 'identExpr') return kind.value.name;
  if (kind.case === 'selectExpr') return `${kind.value.operand ? write(kind.value.operand) : ''}.${kind.value.field}`;
  if (kind.case !== 'callExpr') return 'a part';
  const name = kind.value.function;
  if (name === '@weigh' || name === '@text') return kind.value.args[0] ? write(kind.value.args[0]) : 'a part';
  if (name === '_[_]') return `${kind.value.args[0] ? write(kind.value.args[0]) : ''}[…]`;
  return OPERATOR.test(name) || name.startsWith('@') ? 'a part' : `${name}()`;
}
