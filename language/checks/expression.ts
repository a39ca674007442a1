// One expression of a playbook: that it can be read, and that every name in it is there when it is evaluated.

import { ALERT_MEMBERS, ALERT_ROWS } from '../alert-members.ts';
import { findFunction } from '../cel/functions/functions.ts';
import type { Expression, Read } from '../cel.ts';
import type { DiagnosticCode } from '../diagnostics.ts';
import { ENTITY_MEMBERS, UNSURE_TYPE } from '../inputs.ts';
import { didYouMean, nearest } from '../nearest.ts';
import { own } from '../own.ts';
import type { AskField, Input, Step } from '../plan.ts';
import type { Report } from '../report.ts';
import type { Use } from '../steps/read-steps.ts';
import { checkOperators } from './arithmetic.ts';
import { checkComparison } from './comparisons.ts';
import { hintOf } from './expression-hints.ts';
import { checkItemRead, ofList } from './items.ts';
import { checkKinds } from './kinds.ts';
import { askedInputs, checkOptional } from './optional-inputs.ts';
import { outputsOf, RESERVED_RESULTS } from './step-facts.ts';
import { checkThingInText } from './things-in-text.ts';
import { checkTruths } from './truths.ts';

/** ran: its outputs are there · reached: its outcome is there, its outputs perhaps · perhaps: it may not have been reached at all. */
export type Presence = 'ran' | 'reached' | 'perhaps';

/** What has happened for certain, or perhaps, when an expression is evaluated. */
export interface Before {
  readonly presenceOf: (step: string) => Presence | undefined;
  readonly isSet: (variable: string) => boolean;
}

export interface Names {
  readonly report: Report;
  readonly roots: readonly string[];
  readonly inputs: Readonly<Record<string, Input>>;
  /** Every named step. */
  readonly steps: ReadonlyMap<string, Step>;
  /** Variables of the `for_each` around, with the list that they go through where it is read from a root. */
  readonly lists: ReadonlyMap<string, Read>;
  /** Named steps within a for_each. */
  readonly looped: ReadonlySet<string>;
  /** Ids of steps with a fault of their shape: nothing is known of their results. */
  readonly broken: ReadonlySet<string>;
  /** Every variable that is set anywhere. */
  readonly vars: ReadonlySet<string>;
}

export const RUN_MEMBERS = ['id', 'playbook', 'severity', 'severity_id', 'incident', 'url', 'started_at'];

/** `tested`: steps, and inputs as `inputs.<name>`, that the guards around have asked for already. Answers those that this expression asks for itself, too. */
export function checkExpression(names: Names, use: Use, before: Before, tested: ReadonlySet<string>): ReadonlySet<string> {
  if (use.role !== 'value' && use.source.includes('${' + '{')) {
    names.report('EXPRESSION_WRAPPED', use.path, 'the whole value is an expression already', { hint: 'write it without ${' + '{ }}' });
    return tested;
  }
  if (reportDash(names, use)) return tested;
  const { parsed } = use;
  if (!parsed.ok) {
    const { code, message, offset } = parsed.error;
    const hint = hintOf(parsed.error, use.source);
    names.report(toCode(code), use.path, `the expression ${message}`, {
      offset: use.offset + (offset ?? 0),
      ...(hint === undefined ? {} : { hint }),
    });
    return tested;
  }
  const asks = [...askedSteps(parsed.expression), ...askedInputs(parsed.expression)];
  const asked = asks.every((one) => tested.has(one)) ? tested : new Set([...tested, ...asks]);
  for (const read of parsed.expression.reads) checkRead(names, use, read, before, asked);
  for (const read of parsed.expression.items) checkItem(names, use, read);
  for (const comparison of parsed.expression.comparisons) checkComparison(names, use, comparison);
  checkOperators(names, use, parsed.expression);
  checkKinds(names, use, parsed.expression);
  checkTruths(names, use, parsed.expression);
  checkThingInText(names, use);
  checkOptional(names, use, parsed.expression, asked);
  return asked;
}

const DASHED = /\b(steps|inputs|vars)\.(\w+)-([A-Za-z_]\w*)/g;

/** `steps.find-mail` is `steps.find` minus `mail`, which nobody has ever meant. */
function reportDash(names: Names, use: Use): boolean {
  for (const { 0: written, 1: root = '', 2: first = '', 3: second = '', index } of use.source.matchAll(DASHED)) {
    if (names.roots.includes(second) || findFunction(second)) continue;
    names.report('NAME_INVALID', use.path, `\`${written}\` is \`${root}.${first}\` minus \`${second}\``, {
      offset: use.offset + index,
      hint: `names have no dash: call it ${first}_${second}, and read ${root}.${first}_${second}`,
    });
    return true;
  }
  return false;
}

// The remaining codes of evaluation never come from parsing.
function toCode(code: string): DiagnosticCode {
  switch (code) {
    case 'EXPRESSION_EMPTY':
    case 'EXPRESSION_TOO_LONG':
    case 'EXPRESSION_TOO_LARGE':
    case 'EXPRESSION_TOO_NESTED':
    case 'EXPRESSION_UNKNOWN_FUNCTION':
    case 'EXPRESSION_UNSUPPORTED':
    case 'EXPRESSION_PATTERN':
    case 'EXPRESSION_TYPE':
      return code;
    default:
      return 'EXPRESSION_SYNTAX';
  }
}

/** Steps for which the expression tests the outcome or asks with has(): what it reads of them beside that, it has guarded. */
function askedSteps(expression: Expression): readonly string[] {
  const asked = expression.reads.filter((read) => read.root === 'steps' && read.asked === 'has');
  const tested = expression.comparisons.flatMap(({ left, right }) => [left, right].flatMap((side) => ('read' in side ? [side.read] : [])));
  const outcomes = tested.filter((read) => read.root === 'steps' && read.path[1] === 'outcome');
  return [...asked, ...outcomes].flatMap((read) => read.path.slice(0, 1));
}

function checkRead(names: Names, use: Use, read: Read, before: Before, asked: ReadonlySet<string>): void {
  const tell: Tell = (code, message, hint) =>
    names.report(code, use.path, message, { offset: use.offset + read.offset, ...(hint === undefined ? {} : { hint }) });
  const [first] = read.path;
  if (!names.roots.includes(read.root)) {
    tell('NAME_UNKNOWN', `\`${read.root}\` is not known here`, unknownRootHint(names, read));
    return;
  }
  if (first === undefined || first === '[]') return;
  if (names.lists.has(read.root)) checkItem(names, use, ofList(names, read));
  switch (read.root) {
    case 'steps':
      checkStepRead(names, tell, read, before, asked);
      return;
    case 'inputs':
      checkInputRead(names, tell, read);
      return;
    case 'vars':
      if (!names.vars.has(first)) tell('VARIABLE_UNKNOWN', `there is no variable \`${first}\``, () => didYouMean(first, names.vars));
      else if (!before.isSet(first) && read.asked === 'no')
        tell('VARIABLE_NOT_YET', `\`${first}\` may not be set yet`, 'give it a first value under `vars`');
      return;
    case 'run':
      if (!RUN_MEMBERS.includes(first))
        tell('MEMBER_UNKNOWN', `\`run\` has no \`${first}\``, didYouMean(first, RUN_MEMBERS) ?? `known: ${RUN_MEMBERS.join(', ')}`);
      return;
    case 'alert':
      if (!ALERT_MEMBERS.includes(first)) {
        tell(
          'MEMBER_UNKNOWN',
          `\`alert\` has no \`${first}\``,
          didYouMean(first, ALERT_MEMBERS) ?? 'what a source sends beyond the known members is in `alert.data`',
        );
      } else if (own(ALERT_ROWS, first)?.optional && read.asked === 'no') {
        tell(
          'RESULT_MAYBE_ABSENT',
          `\`alert.${first}\` is absent where the source does not say it`,
          `with a default: get(alert, '${first}', '')`,
        );
      }
      return;
  }
}

/** What a loop reads of an item: `r.answer` in steps.q.rows.exists(r, …). */
function checkItem(names: Names, use: Use, read: Read): void {
  const step = read.root === 'steps' ? names.steps.get(read.path[0] ?? '') : undefined;
  if (!step || names.broken.has(step.id)) return;
  checkItemRead(
    (code, message, hint) => names.report(code, use.path, message, { offset: use.offset + read.offset, ...(hint ? { hint } : {}) }),
    step,
    read,
  );
}

const LOOP_HINT = 'read the `counts` or `left` of its for_each, or gather what is needed with `set` inside';

export type Tell = (code: DiagnosticCode, message: string, hint?: string | (() => string | undefined)) => void;

function unknownRootHint(names: Names, read: Read): string | undefined {
  if (read.root === 'alert') return 'a person may start this playbook without an alert; fill an input in the trigger and read `inputs`';
  const near = nearest(read.root, names.roots);
  if (near !== undefined) return `did you mean \`${near}\`?`;
  if (Object.hasOwn(names.inputs, read.root)) return `did you mean \`inputs.${read.root}\`?`;
  if (names.steps.has(read.root)) return `did you mean \`steps.${read.root}\`?`;
  if (names.vars.has(read.root)) return `did you mean \`vars.${read.root}\`?`;
  if (RESERVED_RESULTS.includes(read.root)) return `a result is read from its step: steps.<id>.${read.root}`;
  return `known here: ${names.roots.join(', ')}; text stands in quotes`;
}

function checkInputRead(names: Names, tell: Tell, read: Read): void {
  const [name, member] = read.path;
  if (name === undefined) return;
  const input = Object.hasOwn(names.inputs, name) ? names.inputs[name] : undefined;
  if (!input) {
    tell('INPUT_UNKNOWN', `there is no input \`${name}\``, () => didYouMean(name, Object.keys(names.inputs)));
    return;
  }
  const isEntity = ENTITY_MEMBERS[input.type] !== undefined || input.type === 'map' || input.type === UNSURE_TYPE;
  if (member !== undefined && member !== '[]' && !input.list && !isEntity)
    tell('MEMBER_UNKNOWN', `\`inputs.${name}\` is ${input.type} and has no members`);
}

function checkStepRead(names: Names, tell: Tell, read: Read, before: Before, asked: ReadonlySet<string>): void {
  const [id, member] = read.path;
  if (id === undefined) return;
  const step = names.steps.get(id);
  if (!step) {
    if (names.broken.has(id)) return;
    tell('STEP_UNKNOWN', `there is no step \`${id}\``, () => didYouMean(id, names.steps.keys()));
    return;
  }
  const presence = before.presenceOf(id);
  if (presence === undefined && names.looped.has(id)) {
    tell('LOOP_RESULT', `the step \`${id}\` runs once for each item, so it has no one result here`, LOOP_HINT);
    return;
  }
  if (presence === undefined) {
    tell('STEP_NOT_YET', `the step \`${id}\` (line ${step.line}) cannot have run when this is read`, 'move it before this step');
    return;
  }
  if (names.broken.has(id)) return;
  checkItemRead(tell, step, read);
  if (step.kind === 'ask' && step.form && member === 'answer') {
    checkFieldRead(tell, step.form, read, { id, isCertain: presence === 'ran' || asked.has(id) || read.asked !== 'no' });
    return;
  }
  if (step.kind === 'ask' && step.rows && member === 'answer' && !names.broken.has(id)) {
    tell('RESULT_UNKNOWN', `\`${id}\` asks row by row, so it has no one answer`, `read steps.${id}.rows: a list of { of, answer }`);
    return;
  }
  const known = [...outputsOf(step), ...RESERVED_RESULTS];
  const isVerbKnown = step.kind !== 'do' || outputsOf(step).length > 0;
  if (member !== undefined && member !== '[]' && isVerbKnown && !known.includes(member)) {
    tell('RESULT_UNKNOWN', `the step \`${id}\` has no result \`${member}\``, didYouMean(member, known) ?? `it has ${known.join(', ')}`);
    return;
  }
  if (asked.has(id) || read.asked === 'get' || (read.asked === 'has' && presence !== 'perhaps')) return;
  if (presence === 'perhaps') {
    tell(
      'RESULT_MAYBE_ABSENT',
      `the step \`${id}\` may not have been reached`,
      `with a default: get(steps, '${id}.${member ?? 'outcome'}', …), or ask first: has(steps.${id}) && …`,
    );
    return;
  }
  const isThere =
    presence === 'ran' ||
    step.kind === 'for_each' ||
    step.kind === 'repeat' ||
    member === undefined ||
    RESERVED_RESULTS.includes(member) ||
    Object.hasOwn(step.default ?? {}, member);
  if (!isThere)
    tell(
      'RESULT_MAYBE_ABSENT',
      `\`steps.${id}.${member}\` is absent when the step was skipped or failed`,
      `give the step a default: { ${member}: … }`,
    );
}

/** `steps.<id>.answer.<field>`: the answer itself is null where nobody was asked. */
function checkFieldRead(tell: Tell, form: readonly AskField[], read: Read, { id, isCertain }: { id: string; isCertain: boolean }): void {
  const field = read.path[2];
  if (field === undefined || field === '[]') return;
  const names = form.map(({ name }) => name);
  if (!names.includes(field)) {
    tell('RESULT_UNKNOWN', `the form of \`${id}\` has no field \`${field}\``, () => didYouMean(field, names));
  } else if (!isCertain) {
    tell(
      'RESULT_MAYBE_ABSENT',
      `\`steps.${id}.answer\` is null where nobody was asked`,
      `ask first: steps.${id}.outcome == 'answered' && …`,
    );
  }
}
