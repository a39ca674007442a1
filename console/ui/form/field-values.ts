// What stands in the fields, as text while people type, and as the values that are sent.
import type { Field, FieldFault, Form } from '../../../language/form.ts';
import type { Json } from '../../../language/plan.ts';

/** By field; '' is empty. */
export type Typed = Readonly<Record<string, string>>;

export const firstTyped = (form: Form): Typed =>
  Object.fromEntries(form.map(({ name, default: first }) => [name, first === undefined || first === null ? '' : String(first)]));

/** Empty fields are left out: the server says which of them are needed. */
export const valuesOf = (form: Form, typed: Typed): Readonly<Record<string, Json>> =>
  Object.fromEntries(
    form.flatMap((field) => {
      const text = typed[field.name] ?? '';
      return text.trim() === '' ? [] : [[field.name, typedAs(field, text)] as const];
    }),
  );

function typedAs({ type }: Field, text: string): Json {
  // A number that is none is sent as it was typed, and refused in words.
  if (type === 'number') return Number.isFinite(Number(text)) ? Number(text) : text;
  return type === 'boolean' ? text === 'true' : text;
}

/** The first fault of each field. */
export const byField = (faults: readonly FieldFault[]): Readonly<Record<string, string>> =>
  Object.fromEntries(faults.toReversed().map(({ field, message }) => [field, message]));
