// What a loop's variable stands for: an item of a list that is read from a root, `steps.q.rows.exists(r, r.answer == 'keep')`.
import type { Expr } from '@bufbuild/cel-spec/cel/expr/syntax_pb.js';
import { type Chain, readChain } from './chain.ts';

/** Names of the loops around, each with the list that it goes through; undefined where that is computed. */
export type Locals = ReadonlyMap<string, Chain | undefined>;

/** A read of a loop's variable as one of the list: `r.answer` is steps, [q, rows, [], answer]. */
export function throughLocals(chain: Chain, locals: Locals): Chain | undefined {
  if (!locals.has(chain.root)) return chain;
  const list = locals.get(chain.root);
  return list && { ...chain, root: list.root, path: [...list.path, '[]', ...chain.path] };
}

/** The list that is gone through; `filter` leaves its items as they are. */
export function listOf(range: Expr | undefined, locals: Locals, macros: Readonly<Record<string, Expr>>): Chain | undefined {
  if (!range) return undefined;
  const chain = readChain(range);
  if (chain) return chain.asked === 'no' ? throughLocals(chain, locals) : undefined;
  const macro = macros[`${range.id}`]?.exprKind;
  const isFilter = macro?.case === 'callExpr' && macro.value.function === 'filter' && range.exprKind.case === 'comprehensionExpr';
  return isFilter && range.exprKind.case === 'comprehensionExpr' ? listOf(range.exprKind.value.iterRange, locals, macros) : undefined;
}
