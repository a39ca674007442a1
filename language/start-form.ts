// A playbook's inputs as a form that people fill in, and what they typed as inputs again.
import type { Field, Form } from './form.ts';
import type { Input, Json } from './plan.ts';
import { SEVERITY_ID } from './severity.ts';

/** Longest text of an input that is typed in. */
const MAX_TEXT = 20_000;

export const startForm = (inputs: Readonly<Record<string, Input>>): Form =>
  Object.entries(inputs).map(([name, input]) => fieldOf(name, input));

function fieldOf(name: string, input: Input): Field {
  const help = [input.description, input.list ? 'Several: one on each line.' : HELP[input.type]]
    .filter((one) => one !== undefined)
    .join(' ');
  const first = input.default === undefined ? undefined : typedText(input, input.default);
  return {
    name,
    label: name.replaceAll('_', ' '),
    ...(help === '' ? {} : { help }),
    optional: input.optional || input.default !== undefined,
    ...(first === undefined ? {} : { default: first }),
    ...(input.list ? { type: 'text', max: MAX_TEXT } : (KINDS[input.type] ?? { type: 'text', max: 200 })),
  };
}

type Kind = Pick<Field, 'type' | 'choices' | 'max'>;

const KINDS: Readonly<Record<string, Kind>> = {
  user: { type: 'user' },
  host: { type: 'host' },
  ip: { type: 'ip' },
  domain: { type: 'domain' },
  url: { type: 'url' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  severity: { type: 'choice', choices: Object.keys(SEVERITY_ID) },
  text: { type: 'text', max: MAX_TEXT },
  map: { type: 'text', max: MAX_TEXT },
};

const HELP: Readonly<Record<string, string>> = {
  duration: 'A duration such as 30m or 14d.',
  file: 'Its SHA-256.',
  message: 'Its message id.',
  ticket: 'Its id.',
  map: 'A JSON object.',
};

const typedText = ({ list, type }: Input, value: Json): Json | undefined => {
  if (list) return Array.isArray(value) ? value.map((one: Json) => textOf(one)).join('\n') : undefined;
  return type === 'number' || type === 'boolean' ? value : textOf(value);
};

const textOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** What was typed or given, as inputs: lines become a list, text becomes what the input takes. What does not fit is left for the check to name. */
export function inputsOf(inputs: Readonly<Record<string, Input>>, given: Readonly<Record<string, Json>>): Readonly<Record<string, Json>> {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      const input = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
      if (!input) return [name, value];
      if (!input.list) return [name, typed(input.type, value)];
      return [name, typeof value === 'string' ? linesOf(value).map((one) => typed(input.type, one)) : value];
    }),
  );
}

const linesOf = (text: string): readonly string[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');

function typed(type: string, value: Json): Json {
  if (typeof value !== 'string') return value;
  const text = value.trim();
  if (type === 'number' && text !== '' && Number.isFinite(Number(text))) return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  if (type === 'map') return parsed(text) ?? value;
  return type === 'text' ? value : text;
}

function parsed(text: string): Json | undefined {
  try {
    // Parsed from JSON, so it is JSON.
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
