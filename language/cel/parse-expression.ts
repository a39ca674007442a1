// The library's parser, and a short way past it for what half of all expressions are: a name and its members. The tree is the same, to the last place.
import { parse } from '@bufbuild/cel';
import type { Expr, ParsedExpr } from '@bufbuild/cel-spec/cel/expr/syntax_pb.js';

/** The parser takes no name that begins with one of its three words. */
const CHAIN = /^(?!true|false|null)[A-Za-z_]\w*(?: *\. *[A-Za-z_]\w*)*$/;

/** Of the grammar: neither names nor members. Whatever has one is the parser's to judge. */
const RESERVED: ReadonlySet<string> = new Set(
  [
    ['true', 'false', 'null', 'in', 'as', 'break', 'const', 'continue', 'else', 'for', 'function', 'if', 'import', 'let', 'loop'],
    ['package', 'namespace', 'return', 'var', 'void', 'while'],
  ].flat(),
);

/** Throws as the library does. */
export function parseTree(source: string): ParsedExpr {
  if (!CHAIN.test(source)) return parse(source);
  const names = source.split('.').map((name) => name.trim());
  return names.some((name) => RESERVED.has(name)) ? parse(source) : chainTree(source, names);
}

function chainTree(source: string, [root = '', ...fields]: readonly string[]): ParsedExpr {
  const positions: Record<string, number> = { 1: 0 };
  let expr: Expr = node(1, { case: 'identExpr', value: { $typeName: 'cel.expr.Expr.Ident', name: root } });
  let dot = -1;
  for (const [index, field] of fields.entries()) {
    const select = { $typeName: 'cel.expr.Expr.Select', operand: expr, field, testOnly: false } as const;
    expr = node(index + 2, { case: 'selectExpr', value: select });
    dot = source.indexOf('.', dot + 1);
    // The place of a member is its dot.
    positions[index + 2] = dot;
  }
  const own = { syntaxVersion: '', location: '', lineOffsets: [], macroCalls: {}, extensions: [] };
  return { $typeName: 'cel.expr.ParsedExpr', expr, sourceInfo: { $typeName: 'cel.expr.SourceInfo', ...own, positions } };
}

const node = (id: number, exprKind: Expr['exprKind']): Expr => ({ $typeName: 'cel.expr.Expr', id: BigInt(id), exprKind });
