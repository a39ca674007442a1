// A form's fields: one for each, with its label, its help and, where it does not fit, why not.
import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import type { Field, Form } from '../../../language/form.ts';
import { plain } from '../../words.ts';
import type { Typed } from './field-values.ts';
import css from './form.module.css';
import { Pick } from './pick.tsx';

interface FieldsProps {
  /** Before the fields' names, so that two forms on a page differ. */
  readonly id: string;
  readonly form: Form;
  readonly typed: Typed;
  /** By field. */
  readonly faults: Readonly<Record<string, string>>;
  readonly onType: (name: string, text: string) => void;
}

export function Fields({ id, form, typed, faults, onType }: FieldsProps) {
  return (
    <div className={css.fields}>
      {form.map((field) => (
        <FieldInput
          key={field.name}
          id={`${id}-${field.name}`}
          field={field}
          text={typed[field.name] ?? ''}
          fault={faults[field.name]}
          onType={(text) => onType(field.name, text)}
        />
      ))}
    </div>
  );
}

interface FieldInputProps {
  readonly id: string;
  readonly field: Field;
  readonly text: string;
  readonly fault: string | undefined;
  readonly onType: (text: string) => void;
}

/** More choices than this stand in a list. */
const MAX_SIDE_BY_SIDE = 5;
/** A text that may be longer gets several lines. */
const MAX_ONE_LINE = 200;

function FieldInput({ id, field, text, fault, onType }: FieldInputProps) {
  const error = fault === undefined ? undefined : `${fault.charAt(0).toUpperCase()}${fault.slice(1)}.`;
  const about = describe(field);
  const choices = choicesOf(field);
  if (choices && choices.length <= MAX_SIDE_BY_SIDE)
    return <Pick name={id} label={labelOf(field)} help={about} error={error} choices={choices} value={text} onChange={onType} />;
  const shared = { id, label: labelOf(field), description: about, error, value: text, 'data-field': id };
  if (choices) {
    const data = [{ value: '', label: '' }, ...choices.map(({ value, words }) => ({ value, label: words }))];
    return <NativeSelect {...shared} data={data} onChange={(event) => onType(event.currentTarget.value)} />;
  }
  if (field.type === 'text' && (field.max ?? MAX_ONE_LINE + 1) > MAX_ONE_LINE)
    return <Textarea {...shared} rows={3} resize="vertical" onChange={(event) => onType(event.currentTarget.value)} />;
  return <TextInput {...shared} {...KINDS[field.type]} onChange={(event) => onType(event.currentTarget.value)} />;
}

const labelOf = (field: Field): string => `${plain(field.label)}${field.optional ? ' (may be left empty)' : ''}`;

/** The browser's own help; what counts is checked by the form itself. */
const KINDS: Readonly<
  Record<
    string,
    { readonly type?: string; readonly inputMode?: 'decimal' | 'url'; readonly spellCheck?: boolean; readonly autoComplete?: string }
  >
> = {
  date: { type: 'date' },
  number: { inputMode: 'decimal', autoComplete: 'off' },
  url: { inputMode: 'url', spellCheck: false, autoComplete: 'off' },
  user: { spellCheck: false, autoComplete: 'off' },
  host: { spellCheck: false, autoComplete: 'off' },
  ip: { spellCheck: false, autoComplete: 'off' },
  domain: { spellCheck: false, autoComplete: 'off' },
};

const EXACT: Readonly<Record<string, string>> = {
  user: 'Sign-in name, address or id: looked up exactly.',
  host: 'Name, address or id: looked up exactly.',
  ip: 'One IP address.',
};

function describe({ type, help, min, max, from, to }: Field): string | undefined {
  const bounds =
    type === 'number' && (min !== undefined || max !== undefined)
      ? `${min === undefined ? `At most ${max}` : max === undefined ? `At least ${min}` : `From ${min} to ${max}`}.`
      : type === 'date' && (from !== undefined || to !== undefined)
        ? `${from === undefined ? `Until ${to}` : to === undefined ? `From ${from}` : `From ${from} to ${to}`}.`
        : undefined;
  const words = [help === undefined ? EXACT[type] : plain(help), bounds].filter((one) => one !== undefined);
  return words.length === 0 ? undefined : words.join(' ');
}

function choicesOf({ type, choices, optional }: Field): readonly { value: string; words: string }[] | undefined {
  const none = optional ? [{ value: '', words: 'leave open' }] : [];
  if (type === 'boolean') return [{ value: 'true', words: 'yes' }, { value: 'false', words: 'no' }, ...none];
  return choices && [...choices.map((value) => ({ value, words: plain(value) })), ...none];
}
