// What was typed after `approvals answer` and `runs start --with`, as the values that a form takes.

import type { Field, FieldFault, Form } from '../language/form.ts';
import { own } from '../language/own.ts';
import type { Json } from '../language/plan.ts';
import { rowsByName } from '../language/rows.ts';
import type { AnswerBody, ApprovalDetail } from '../server/contract.ts';
import { CliError, EXIT } from './command.ts';

/** The words as an answer to this question; what does not fit is said by the server, field by field. */
export function answerOf(question: ApprovalDetail, words: readonly string[]): AnswerBody['answer'] {
  const [first, ...more] = words;
  if (first === undefined) throw new CliError(EXIT.wrongUse, 'NO_ANSWER', 'say what the answer is', hintFor(question));
  if (!question.form && !question.rows) {
    if (more.length > 0) throw new CliError(EXIT.wrongUse, 'BAD_ANSWER', 'one choice is enough', hintFor(question));
    return first;
  }
  const given = more.length === 0 && first.startsWith('{') ? parseMap(first) : pairsOf(words, hintFor(question));
  if (question.form) return valuesOf(question.form, given);
  const named = rowsByName(question.rows ?? { items: [], choices: [] }, textsOf(given));
  if (!named.ok) throw new CliError(EXIT.wrongUse, 'BAD_ROWS', inWords(named.faults), hintFor(question));
  return named.value;
}

function hintFor({ choices, form, rows }: ApprovalDetail): string {
  if (form)
    return `such as ${Object.keys(form)
      .map((name) => `${name}=…`)
      .join(' ')}`;
  if (rows)
    return `such as '*=${rows.choices[0] ?? ''}' and a row by its name: '${rows.items[0]?.label ?? 'row'}=${rows.choices[1] ?? ''}'`;
  return `one of ${(choices ?? []).join(', ')}`;
}

/** `name=value`; the value may hold further `=`. */
export function pairsOf(words: readonly string[], hint: string): Readonly<Record<string, Json>> {
  const pairs = words.map((word) => {
    const at = word.indexOf('=');
    if (at < 1) throw new CliError(EXIT.wrongUse, 'BAD_PAIR', `"${word}" is not of the form name=value`, hint);
    return [word.slice(0, at), word.slice(at + 1)] as const;
  });
  const twice = pairs.find(([name], index) => pairs.findIndex(([other]) => other === name) < index);
  if (twice) throw new CliError(EXIT.wrongUse, 'BAD_PAIR', `${twice[0]} is given twice`);
  return Object.fromEntries(pairs);
}

export function parseMap(text: string): Readonly<Record<string, Json>> {
  try {
    const value: unknown = JSON.parse(text);
    // Parsed from JSON, so its members are JSON.
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, Json>;
  } catch {
    // Said below.
  }
  throw new CliError(EXIT.wrongUse, 'BAD_JSON', 'this is not a JSON object');
}

/** A command line has only texts: what a field takes says what is meant by them. */
const valuesOf = (form: Form, given: Readonly<Record<string, Json>>): Readonly<Record<string, Json>> =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [name, typedAs(form.find((field) => field.name === name)?.type, value)]));

function typedAs(type: Field['type'] | string | undefined, value: Json): Json {
  if (typeof value !== 'string') return value;
  if (type === 'number' && value.trim() !== '' && Number.isFinite(Number(value))) return Number(value);
  if (type === 'boolean') return own(YES_NO, value) ?? value;
  return value;
}

const YES_NO: Readonly<Record<string, boolean>> = { true: true, yes: true, false: false, no: false };

const textsOf = (given: Readonly<Record<string, Json>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]),
  );

const inWords = (faults: readonly FieldFault[]): string => faults.map(({ field, message }) => `${field} ${message}`.trim()).join('; ');
