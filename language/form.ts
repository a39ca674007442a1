// A form that people fill in: typed fields with bounds. The same checks in the console, the server, the engine and scenarios.
import { checkInput } from './inputs.ts';
import type { Json } from './plan.ts';

export const FIELD_TYPES = ['text', 'choice', 'user', 'host', 'ip', 'domain', 'url', 'date', 'number', 'boolean'] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

/** As people see it: rendered, its default fits. */
export interface Field {
  /** Of its value in the answer. */
  readonly name: string;
  readonly type: FieldType;
  readonly label: string;
  readonly help?: string;
  readonly optional: boolean;
  readonly default?: Json;
  /** Of a choice only. */
  readonly choices?: readonly string[];
  /** A number's value, or a text's length in characters. */
  readonly min?: number;
  readonly max?: number;
  /** A date's bounds, both included. */
  readonly from?: string;
  readonly to?: string;
}

/** In the order in which people see them. */
export type Form = readonly Field[];

export interface FieldFault {
  readonly field: string;
  /** Without the field's name and never with the value: "must be a number". */
  readonly message: string;
}

/** Characters of a text that says no `max`. */
const MAX_FIELD_TEXT = 2000;
/** Characters that name one user, host and so on. */
const MAX_NAME = 320;

export type FormChecked =
  | { readonly ok: true; readonly value: Readonly<Record<string, Json>> }
  | { readonly ok: false; readonly faults: readonly FieldFault[] };

/** Every field has a value afterwards: the given one, or null where it is optional. Nothing is taken that the form does not have. */
export function checkForm(form: Form, given: unknown): FormChecked {
  if (!isRecord(given)) return { ok: false, faults: [{ field: '', message: 'must be a map of fields' }] };
  const faults: FieldFault[] = [];
  const value: Record<string, Json> = {};
  for (const name of Object.keys(given))
    if (!form.some((field) => field.name === name)) faults.push({ field: name.slice(0, 60), message: 'is no field of the form' });
  for (const field of form) {
    const { name } = field;
    const one = Object.hasOwn(given, name) ? given[name] : undefined;
    if (isNothing(one)) {
      if (!field.optional) faults.push({ field: name, message: 'must be filled in' });
      value[name] = null;
      continue;
    }
    const checked = checkField(field, one);
    if (checked.ok) value[name] = checked.value;
    else faults.push({ field: name, message: checked.message });
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, value };
}

type FieldChecked = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly message: string };
const bad = (message: string): FieldChecked => ({ ok: false, message });
const good = (value: Json): FieldChecked => ({ ok: true, value });

/** One value that is there. */
export function checkField(field: Pick<Field, 'type' | 'choices' | 'min' | 'max' | 'from' | 'to'>, value: unknown): FieldChecked {
  switch (field.type) {
    case 'boolean':
      return typeof value === 'boolean' ? good(value) : bad('must be yes or no');
    case 'number':
      return checkNumber(field, value);
    case 'choice':
      return typeof value === 'string' && field.choices?.includes(value) === true
        ? good(value)
        : bad(`must be one of ${(field.choices ?? []).join(', ')}`);
    case 'text':
      return checkText(field, value);
    case 'date':
      return checkDate(field, value);
    default:
      return checkNamed(field.type, value);
  }
}

function checkNumber({ min, max }: Pick<Field, 'min' | 'max'>, value: unknown): FieldChecked {
  if (typeof value !== 'number' || !Number.isFinite(value)) return bad('must be a number');
  if (min !== undefined && value < min) return bad(`must be at least ${min}`);
  if (max !== undefined && value > max) return bad(`must be at most ${max}`);
  return good(value);
}

function checkText({ min, max = MAX_FIELD_TEXT }: Pick<Field, 'min' | 'max'>, value: unknown): FieldChecked {
  if (typeof value !== 'string') return bad('must be text');
  // Characters as people count them; a broken surrogate cannot be stored.
  const length = [...value].length;
  if (CONTROL.test(value) || !isWellFormed(value)) return bad('has characters that cannot be written');
  if (min !== undefined && length < min) return bad(`must have at least ${min} characters`);
  if (length > max) return bad(`must have at most ${max} characters`);
  return good(value);
}

/** Control characters but tab and line ends. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;
const isWellFormed = (text: string): boolean => !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text);

function checkDate({ from, to }: Pick<Field, 'from' | 'to'>, value: unknown): FieldChecked {
  if (typeof value !== 'string' || !isDate(value)) return bad('must be a date such as 2026-03-31');
  if (from !== undefined && value < from) return bad(`must not be before ${from}`);
  if (to !== undefined && value > to) return bad(`must not be after ${to}`);
  return good(value);
}

/** A day that the calendar has, as YYYY-MM-DD: these sort as they follow each other. */
export function isDate(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  const isLeap = (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0;
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][m - 1];
  return y >= 1 && days !== undefined && d >= 1 && d <= days;
}

/** What stands for something in the world is looked up exactly as it is written, so nothing invisible may be in it. */
function checkNamed(type: string, value: unknown): FieldChecked {
  if (typeof value !== 'string') return bad(`must name one ${type}`);
  const name = value.trim();
  if (name === '' || name.length > MAX_NAME || INVISIBLE.test(name)) return bad(`must name one ${type}`);
  const message = checkInput({ type, list: false }, name);
  return message === undefined ? good(name) : bad(message);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

const isNothing = (value: unknown): boolean => value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

function isRecord(value: unknown): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
