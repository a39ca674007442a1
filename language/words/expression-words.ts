// Expressions in plain English, as far as there are plain words; what has none is shown as it is written. Never throws.

import { parse } from '@bufbuild/cel';
import type { Expr } from '@bufbuild/cel-spec/cel/expr/syntax_pb.js';
import { own } from '../own.ts';
import type { Template } from '../plan.ts';
import { SEVERITY_ID } from '../severity.ts';
import { callOf, constantOf, pathOf, textOf } from './expression-parts.ts';
import { listWords } from './quantities.ts';

/** How another step is called in the text around. */
export type NameStep = (id: string) => string;

/** A condition as a clause: "the answer of verdict is phishing". */
export const conditionWords = (source: string, name: NameStep): string => translate(source, name, clause);

/** A value as a noun: "the name of the user". */
export const valueWords = (source: string, name: NameStep): string => translate(source, name, noun);

/** Text with its expressions in ‹ ›. */
export function templateWords(template: Template, name: NameStep): string {
  if ('lit' in template) return typeof template.lit === 'string' ? template.lit : JSON.stringify(template.lit);
  if ('cel' in template) return valueWords(template.cel, name);
  if ('text' in template)
    return template.text.map((part) => (typeof part === 'string' ? part : `‹${valueWords(part.cel, name)}›`)).join('');
  if ('list' in template) return listWords(template.list.map((one) => templateWords(one, name)));
  return Object.entries(template.map)
    .map(([key, one]) => `${key}: ${templateWords(one, name)}`)
    .join(', ');
}

interface Context {
  readonly name: NameStep;
  /** What the author wrote where the parser has made a loop of it, by id. */
  readonly macros: Readonly<Record<string, Expr>>;
  /** The loop's variable around. */
  readonly item?: string;
}

type Say = (expr: Expr, context: Context) => string | undefined;

function translate(source: string, name: NameStep, say: Say): string {
  try {
    const { expr, sourceInfo } = parse(source);
    return (expr && say(expr, { name, macros: sourceInfo?.macroCalls ?? {} })) ?? asWritten(source);
  } catch {
    return asWritten(source);
  }
}

/** One line, and not more of it than a reader takes in. */
const MAX_WRITTEN = 160;
const asWritten = (source: string): string => {
  const line = source.replace(/\s+/g, ' ').trim();
  return `\`${line.length > MAX_WRITTEN ? `${line.slice(0, MAX_WRITTEN)}…` : line}\``;
};

const NEGATED: Readonly<Record<string, string>> = {
  '_==_': '_!=_',
  '_!=_': '_==_',
  '_<_': '_>=_',
  '_>=_': '_<_',
  '_>_': '_<=_',
  '_<=_': '_>_',
};
const RELATION: Readonly<Record<string, string>> = {
  '_==_': 'is',
  '_!=_': 'is not',
  '_<_': 'is below',
  '_<=_': 'is at most',
  '_>_': 'is above',
  '_>=_': 'is at least',
};

function clause(expr: Expr, context: Context, negated = false): string | undefined {
  const asked = expr.exprKind.case === 'selectExpr' && expr.exprKind.value.testOnly ? expr.exprKind.value : undefined;
  if (asked?.operand) {
    const path = pathOf(asked.operand);
    return path && `${pathWords([...path, asked.field], context)} is ${negated ? 'not ' : ''}known`;
  }
  const macro = context.macros[`${expr.id}`];
  if (macro) return someOf(macro, context, negated);
  const call = callOf(expr);
  if (!call) {
    const what = noun(expr, context);
    return what && `${what} is ${negated ? 'not true' : 'true'}`;
  }
  const [left, right] = call.args;
  if (call.function === '!_' && left) return clause(left, context, !negated);
  if (call.function === '_&&_' || call.function === '_||_') {
    const words = compound(expr, call.function, context);
    return words && (negated ? `${NOT_SO}(${words})` : words);
  }
  if (call.function === '@in' && left && right) return membership(left, right, context, negated);
  const relates = own(RELATES, call.function);
  if (relates) return related(relates, [...(call.target ? [call.target] : []), ...call.args], context, negated);
  const relation = negated ? own(NEGATED, call.function) : call.function;
  if (relation !== undefined && left && right) return comparison(relation, left, right, context);
  return undefined;
}

const NOT_SO = 'it is not the case that ';

/** What could be read together with the words around it, where they are joined by "and" or "or". */
const LOOSE = /\b(?:and|or)\b|[:,]/;

/** "a and b and c" where that can be read in one way only; else what belongs together is in ( ), and how many must be so is said first. */
function compound(expr: Expr, operator: '_&&_' | '_||_', context: Context): string | undefined {
  const operands = operandsOf(expr, operator).map((one) => clause(one, context));
  const words = operands.filter((one): one is string => one !== undefined);
  if (words.length !== operands.length) return undefined;
  const isAll = operator === '_&&_';
  const joint = isAll ? 'and' : 'or';
  if (!words.some((one) => LOOSE.test(one))) return words.join(` ${joint} `);
  const parts = words.map((one) => (LOOSE.test(one) && !one.startsWith(NOT_SO) ? `(${one})` : one));
  const head = parts.length > 2 ? (isAll ? 'all' : 'any') : isAll ? 'both' : 'either';
  return `${head} of these: ${parts.slice(0, -1).join(', ')}, ${joint} ${parts.at(-1) ?? ''}`;
}

/** `a && b && c` has three. */
function operandsOf(expr: Expr, operator: string): readonly Expr[] {
  const call = callOf(expr);
  return call?.function === operator ? call.args.flatMap((one) => operandsOf(one, operator)) : [expr];
}

/** Functions of two things that are true or not: what stands between them, and whether the second is spoken of. */
const RELATES: Readonly<Record<string, { readonly is: string; readonly isNot: string; readonly turned?: true }>> = {
  startsWith: { is: 'begins with', isNot: 'does not begin with' },
  endsWith: { is: 'ends with', isNot: 'does not end with' },
  contains: { is: 'contains', isNot: 'does not contain' },
  matches: { is: 'matches the pattern', isNot: 'does not match the pattern' },
  cidr_contains: { is: 'is within', isNot: 'is not within', turned: true },
  domain_within: { is: 'is within', isNot: 'is not within' },
};

function related(
  { is, isNot, turned }: { readonly is: string; readonly isNot: string; readonly turned?: true },
  args: readonly Expr[],
  context: Context,
  negated: boolean,
): string | undefined {
  const [first, second] = turned ? args.toReversed() : args;
  if (!first || !second || args.length !== 2) return undefined;
  const [what, other] = [noun(first, context), quotedText(second) ?? noun(second, context)];
  return what && other && `${what} ${negated ? isNot : is} ${other}`;
}

/** A piece of text is told from the words around it. */
function quotedText(expr: Expr): string | undefined {
  const text = textOf(expr);
  return text && `“${text}”`;
}

/** `list.exists(x, …)`: "one of the … begins with …"; where that does not read, "for one of these it is so that …: …". Other loops have no plain words. */
function someOf(macro: Expr, context: Context, negated: boolean): string | undefined {
  const call = callOf(macro);
  const [variable, condition] = call?.args ?? [];
  const item = variable && pathOf(variable)?.[0];
  const isAny = call?.function === 'exists';
  if (!call?.target || !condition || item === undefined || context.item !== undefined || !(isAny || call.function === 'all'))
    return undefined;
  const inner = { ...context, item };
  const list = noun(call.target, context);
  const plain = list === undefined || LOOSE.test(list) ? undefined : ofEach(condition, inner);
  if (plain !== undefined) return `${isAny ? (negated ? 'none' : 'one') : negated ? 'not each' : 'each'} of ${list} ${plain}`;
  const what = clause(condition, inner, negated);
  return list && what && `for ${isAny !== negated ? 'one' : 'each'} of these it is so that ${what}: ${list}`;
}

/** "begins with a or is b", of a loop's variable; undefined where something else is spoken of, too. */
function ofEach(condition: Expr, context: Context): string | undefined {
  const operator = callOf(condition)?.function === '_&&_' ? '_&&_' : '_||_';
  const words = operandsOf(condition, operator).map((one) => clause(one, context));
  if (!words.every((one) => one?.startsWith('it ') && !LOOSE.test(one))) return undefined;
  return words.map((one) => one?.slice('it '.length)).join(operator === '_&&_' ? ' and ' : ' or ');
}

function comparison(operator: string, left: Expr, right: Expr, context: Context): string | undefined {
  const [is, value] = [own(RELATION, operator), noun(right, context)];
  if (is === undefined || value === undefined) return undefined;
  const sized = callOf(left);
  if (sized?.function === 'size' && constantOf(right) !== undefined)
    return sizeWords(operator, sized.target ?? sized.args[0], value, context);
  const outcomeOf = outcomeStep(left);
  if (outcomeOf !== undefined && (operator === '_==_' || operator === '_!=_'))
    return `${context.name(outcomeOf)} ${operator === '_==_' ? 'ended' : 'did not end'} as ${own(OUTCOMES, value) ?? value}`;
  const severity = severityWords(left, right, context);
  if (severity) return `${severity.what} ${is} ${severity.word}`;
  const what = noun(left, context);
  if (what === undefined) return undefined;
  if (value === 'nothing') return `${what} is ${operator === '_!=_' ? 'known' : 'not known'}`;
  return `${what} ${is} ${value}`;
}

/** `run.severity_id >= 4`: the severity of the run, high. */
function severityWords(left: Expr, right: Expr, context: Context): { readonly what: string; readonly word: string } | undefined {
  const word = Object.entries(SEVERITY_ID).find(([, id]) => String(id) === constantOf(right))?.[0];
  const path = pathOf(left);
  const call = callOf(left);
  const [given] = call?.function === 'severity_id' ? call.args : [];
  const what = given
    ? noun(given, context)
    : path?.at(-1) === 'severity_id'
      ? pathWords([...path.slice(0, -1), 'severity'], context)
      : undefined;
  return word === undefined || what === undefined ? undefined : { what, word };
}

function sizeWords(operator: string, list: Expr | undefined, value: string, context: Context): string | undefined {
  const what = list && noun(list, context);
  if (what === undefined) return undefined;
  const count = countWords(operator, value);
  const path = list && pathOf(list);
  if (path?.[0] === 'alert' && path[1] !== undefined && path.length === 2)
    return `the alert has ${count} ${value === '1' && operator === '_==_' ? path[1].replace(/s$/, '') : path[1]}`;
  return `there are ${count} ${what.replace(/^the /, '')}`;
}

function countWords(operator: string, value: string): string {
  const [is, n] = [operator.slice(1, -1), Number(value)];
  if ((is === '==' && n === 0) || (is === '<' && n === 1)) return 'no';
  if ((is === '>' && n === 0) || (is === '!=' && n === 0) || (is === '>=' && n === 1)) return 'some';
  const words: Readonly<Record<string, string>> = {
    '==': 'exactly',
    '!=': 'not',
    '<': 'fewer than',
    '<=': 'at most',
    '>': 'more than',
    '>=': 'at least',
  };
  return `${words[is] ?? ''} ${n === 1 ? 'one' : value}`;
}

function membership(left: Expr, right: Expr, context: Context, negated: boolean): string | undefined {
  const list = right.exprKind.case === 'listExpr' ? right.exprKind.value.elements.map((one) => noun(one, context)) : undefined;
  const words = list?.filter((one): one is string => one !== undefined);
  if (!words || words.length !== list?.length) {
    const [what, where] = [noun(left, context), noun(right, context)];
    return what && where && `${what} is ${negated ? 'not ' : ''}in ${where}`;
  }
  const outcomeOf = outcomeStep(left);
  const choice = listWords(words, 'or');
  if (outcomeOf !== undefined) {
    const outcomes = listWords(
      words.map((one) => own(OUTCOMES, one) ?? one),
      'or',
    );
    return `${context.name(outcomeOf)} ${negated ? 'did not end' : 'ended'} as ${outcomes}`;
  }
  const what = noun(left, context);
  return what && `${what} is ${negated ? 'not ' : ''}${choice}`;
}

/** The step whose outcome is read, as `steps.x.outcome` or `get(steps, 'x.outcome', …)`. */
function outcomeStep(expr: Expr): string | undefined {
  const path = pathOf(expr);
  return path?.[0] === 'steps' && path[2] === 'outcome' && path.length === 3 ? path[1] : undefined;
}

function noun(expr: Expr, context: Context): string | undefined {
  const constant = constantOf(expr);
  if (constant !== undefined) return constant;
  const path = pathOf(expr);
  if (path && path[0] === context.item) return path.length === 1 ? 'it' : `its ${path.slice(1).toReversed().map(spaced).join(' of its ')}`;
  if (path) return pathWords(path, context);
  if (expr.exprKind.case === 'listExpr') {
    const items = expr.exprKind.value.elements.map((one) => noun(one, context));
    if (items.length === 0) return 'empty';
    return items.includes(undefined) ? undefined : listWords(items.map(String));
  }
  const macro = context.macros[`${expr.id}`];
  if (macro) return eachOf(macro, context);
  const call = callOf(expr);
  if (call?.function === '_+_') return sumWords(call.args, context);
  const [first] = call ? [call.target ?? call.args[0]] : [];
  const inner = first && noun(first, context);
  if (!call || inner === undefined) return undefined;
  const by = call.function === 'group_by' ? textOf(call.args[1] ?? expr) : undefined;
  if (by !== undefined) return `${inner}, in groups by ${spaced(by)}`;
  if (call.function === 'size') return `the number of ${inner.replace(/^the /, '')}`;
  const of = own(OF, call.function);
  return of === undefined ? undefined : `${of}${inner}`;
}

function sumWords(args: readonly Expr[], context: Context): string | undefined {
  const [left, right] = args.map((one) => noun(one, context));
  return left === undefined || right === undefined ? undefined : `${left} plus ${right}`;
}

/** `list.filter(x, …)`: "those of … for which …"; `list.map(x, x.a)`: "the a of each of …". */
function eachOf(macro: Expr, context: Context): string | undefined {
  const call = callOf(macro);
  const [variable, what] = call?.args ?? [];
  const item = variable && pathOf(variable)?.[0];
  if (!call?.target || !what || item === undefined || context.item !== undefined || call.args.length !== 2) return undefined;
  const list = noun(call.target, context);
  if (call.function === 'filter') {
    const words = clause(what, { ...context, item });
    return list && words && `those of ${list} for which ${words}`;
  }
  const path = call.function === 'map' ? pathOf(what) : undefined;
  if (path?.[0] !== item || path.length < 2 || list === undefined) return undefined;
  // A row of a question is what it is about: its `of`.
  return path.length === 2 && path[1] === 'of' ? list : `the ${path.slice(1).toReversed().map(spaced).join(' of the ')} of each of ${list}`;
}

/** Functions of one thing that have plain words; what stands before the thing. */
const OF: Readonly<Record<string, string>> = {
  first: 'the first of ',
  last: 'the last of ',
  name_of: 'the name of ',
  id_of: 'the id of ',
  ip_kind: 'the kind of ',
  join: '',
  lower: '',
  upper: '',
  trim: '',
  string: '',
  unique: 'the different ones of ',
  email_domain: 'the domain of ',
  domain_parent: 'the domain above ',
};

function pathWords(path: readonly string[], context: Context): string {
  const [root = '', ...rest] = path;
  if (root === 'steps' && rest[0] !== undefined) {
    const [step, ...members] = rest;
    if (members[0] === 'counts' && members[1] !== undefined) return `${countedWords(members[1])} of ${context.name(step)}`;
    return members.length === 0 ? context.name(step) : `the ${members.toReversed().map(spaced).join(' of the ')} of ${context.name(step)}`;
  }
  if (root === 'run') return `the ${spaced(rest.join(' '))} of the run`;
  // What a source sends beyond the known members is in `data`: a word of ours.
  if (root === 'alert' && rest[0] === 'data' && rest.length > 1) return pathWords([root, ...rest.slice(1)], context);
  if (root === 'alert') return rest.length === 0 ? 'the alert' : `the ${rest.toReversed().map(spaced).join(' of the ')} of the alert`;
  const own = root === 'inputs' || root === 'vars' ? rest : path;
  return `the ${own.toReversed().map(spaced).join(' of the ')}`;
}

/** `counts.failed`. */
const countedWords = (member: string): string =>
  member === 'items' || member === 'turns'
    ? `the number of ${member}`
    : `the number of items that ended as ${own(OUTCOMES, member) ?? member}`;

/** Outcomes whose own words say little by themselves. */
const OUTCOMES: Readonly<Record<string, string>> = { changed: 'done', already: 'so already', would: 'only observed', read: 'looked up' };

const spaced = (word: string): string => word.replaceAll('_', ' ');
