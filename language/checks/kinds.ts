// Kinds of values, as far as declarations say them: what a condition gives, and what functions are given from inputs, alerts and results.

import { ALERT_ROWS } from '../alert-members.ts';
import type { Kind } from '../cel/functions/row.ts';
import type { Expression, Read } from '../cel.ts';
import { ENTITY_MEMBERS } from '../inputs.ts';
import { own } from '../own.ts';
import type { Use } from '../steps/read-steps.ts';
import { VERBS } from '../verbs.ts';
import type { Names } from './expression.ts';

/** Keys whose expression must be true or false. */
const CONDITIONS: ReadonlySet<unknown> = new Set(['when', 'if', 'unless', 'until']);

export function checkKinds(names: Names, use: Use, expression: Expression): void {
  for (const { function: called, name, kinds, read } of expression.arguments) {
    const kind = kindOfRead(names, read);
    if (kind === undefined || kinds.includes(kind)) continue;
    names.report(
      'EXPRESSION_TYPE',
      use.path,
      `${called}() takes ${kinds.join(' or ')} for its ${name}, and \`${read.root}.${read.path.join('.')}\` is ${kind}`,
      { offset: use.offset + read.offset },
    );
  }
  const key = use.path.at(-1);
  if (use.role === 'condition' && key === 'switch') checkSwitch(names, use, expression);
  if (use.role !== 'value' && CONDITIONS.has(key)) checkCondition(names, use, expression, String(key));
}

function checkCondition(names: Names, use: Use, expression: Expression, key: string): void {
  const [read, ...more] = expression.reads;
  const isWhole = read !== undefined && more.length === 0 && WHOLE_READ.test(use.source.trim());
  const kind = expression.kind ?? (isWhole ? (kindOfRead(names, read) ?? thingOfRead(names, read)) : undefined);
  if (kind !== undefined && kind !== 'boolean') {
    names.report('EXPRESSION_TYPE', use.path, `\`${key}\` must be true or false, and this is ${kind}`, {
      offset: use.offset,
      hint:
        kind === 'list'
          ? 'ask for its size: size(…) > 0'
          : isThing(kind)
            ? 'compare it with something: … != null'
            : 'compare it with something: … == …',
    });
  } else if (!read) names.report('CONDITION_CONSTANT', use.path, `\`${key}\` is the same in every run`, { offset: use.offset });
}

const WHOLE_READ = /^[\w.]+$/;
export const isThing = (kind: string): boolean => Object.hasOwn(ENTITY_MEMBERS, kind);

/** `switch` compares with words: a list, a map or a whole user is none of them. */
function checkSwitch(names: Names, use: Use, expression: Expression): void {
  const [read] = expression.reads;
  const isWhole = read !== undefined && WHOLE_READ.test(use.source.trim());
  const kind = expression.kind ?? (isWhole ? (kindOfRead(names, read) ?? thingOfRead(names, read)) : undefined);
  if (kind === undefined || ['text', 'number', 'boolean', 'null'].includes(kind)) return;
  names.report('EXPRESSION_TYPE', use.path, `\`switch\` compares with words, and this is a ${kind}`, {
    offset: use.offset,
    hint: isThing(kind)
      ? `compare what tells them apart: ${use.source.trim()}.name, or name_of(${use.source.trim()})`
      : 'take a word out of it',
  });
}

/** The type of an entity that is read as a whole: text or map, and neither a truth nor a word. */
export function thingOfRead(names: Names, { root, path: [first, second] }: Read): string | undefined {
  const input = root === 'inputs' && first !== undefined && second === undefined ? own(names.inputs, first) : undefined;
  return input && isThing(input.type) ? input.type : undefined;
}

/** Undefined where it may be one kind or another: an entity is text or a map, and what is inside of data nobody has declared. */
export function kindOfRead(names: Names, read: Read): Kind | undefined {
  const [first, second, ...more] = read.path;
  // `has(…)` asks whether it is there, whatever it is.
  if (first === undefined || more.length > 0 || read.asked !== 'no') return undefined;
  switch (read.root) {
    case 'inputs': {
      const input = Object.hasOwn(names.inputs, first) ? names.inputs[first] : undefined;
      return second === undefined && input ? kindOfType(input.type, input.list) : undefined;
    }
    case 'alert':
      return second === undefined ? own(ALERT_ROWS, first)?.kind : undefined;
    case 'run':
      return second === undefined ? (first === 'severity_id' ? 'number' : 'text') : undefined;
    case 'steps': {
      if (second === 'outcome') return 'text';
      if (second === undefined) return 'map';
      const step = names.broken.has(first) ? undefined : names.steps.get(first);
      if (step?.kind === 'ask' && second === 'answer') return step.choices ? 'text' : step.form ? 'map' : undefined;
      if (second === 'rows' || second === 'left') return 'list';
      if (second === 'counts') return 'map';
      const outputs = step?.kind === 'do' && own(VERBS, step.verb)?.outputs;
      const output = second !== undefined && outputs && Object.hasOwn(outputs, second) ? outputs[second] : undefined;
      return output && kindOfType(output.type, output.list === true);
    }
    default:
      return undefined;
  }
}

function kindOfType(type: string, list: boolean): Kind | undefined {
  if (list) return 'list';
  if (type === 'number' || type === 'boolean' || type === 'map') return type;
  return ['text', 'ip', 'domain', 'url', 'severity', 'duration'].includes(type) ? 'text' : undefined;
}
