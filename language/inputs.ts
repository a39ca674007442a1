// Typed values: what an input or a parameter may be. Used when a trigger fills inputs, when people start a run by hand, and for literals in a playbook.
import { parseDuration } from './duration.ts';
import type { Input, Json } from './plan.ts';
import { isSeverityWord } from './severity.ts';

interface InputFault {
  readonly input: string;
  readonly message: string;
}

export type InputsChecked =
  | { readonly ok: true; readonly inputs: Readonly<Record<string, Json>> }
  | { readonly ok: false; readonly faults: readonly InputFault[] };

/** Every declared input has a value afterwards: the given one, its default, or null where it is optional. */
export function checkInputs(declared: Readonly<Record<string, Input>>, given: Readonly<Record<string, Json>>): InputsChecked {
  const faults: InputFault[] = [];
  const inputs: Record<string, Json> = {};
  for (const name of Object.keys(given))
    if (!Object.hasOwn(declared, name)) faults.push({ input: name.slice(0, 60), message: 'the playbook has no such input' });
  for (const [name, input] of Object.entries(declared)) {
    const value = Object.hasOwn(given, name) ? (given[name] ?? null) : null;
    const filled = isMissing(value, input) ? (input.default ?? null) : value;
    if (!isMissing(filled, input)) {
      const message = checkInput(input, filled);
      if (message !== undefined) faults.push({ input: name, message });
    } else if (!input.optional) faults.push({ input: name, message: `is needed, and no ${describeInput(input)} was given` });
    inputs[name] = filled;
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, inputs };
}

const describeInput = (input: Input): string => (input.list ? `list of ${input.type}` : input.type);

// An empty text or a user without any name is what a source sends when it does not know: nothing was given.
function isMissing(value: Json, input: Input): boolean {
  if (value === null || value === '') return true;
  if (input.list) return Array.isArray(value) && value.length === 0;
  return (
    ENTITY_MEMBERS[input.type] !== undefined && isRecord(value) && Object.values(value).every((member) => member === null || member === '')
  );
}

/** What is wrong with the value; undefined when nothing is. Never names the value. */
export function checkInput(input: Pick<Input, 'type' | 'list'>, value: Json): string | undefined {
  if (!input.list) return checkOne(input.type, value);
  if (!Array.isArray(value)) return `must be a list of ${input.type}`;
  if (value.length > MAX_LIST) return `must have at most ${MAX_LIST} members`;
  for (const [index, item] of value.entries()) {
    const message = checkOne(input.type, item);
    if (message !== undefined) return `member ${index + 1} ${message}`;
  }
  return undefined;
}

const MAX_LIST = 10_000;

/** Of an input whose declaration has a fault: nothing is known of what it is. */
export const UNSURE_TYPE = 'unsure';

/** Of each kind of entity the members that name it: one of them must be there. Text instead of a map is looked up exactly. */
export const ENTITY_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  user: ['id', 'name', 'email'],
  host: ['id', 'name', 'ip'],
  file: ['sha256', 'name'],
  message: ['id', 'from', 'subject'],
  ticket: ['id', 'url'],
};

const TEXT_FORMS: Readonly<Record<string, { readonly test: (text: string) => boolean; readonly be: string }>> = {
  text: { test: () => true, be: 'text' },
  ip: { test: (text) => /^[0-9a-fA-F:.]{2,45}$/.test(text) && /[.:]/.test(text), be: 'one IP address' },
  domain: { test: (text) => /^(?=.{1,253}$)[^\s/:@]+$/.test(text), be: 'a domain name' },
  url: { test: (text) => /^[a-z][a-z0-9+.-]*:\S+$/i.test(text), be: 'a URL' },
  severity: { test: isSeverityWord, be: 'a severity word' },
  duration: { test: (text) => parseDuration(text) !== undefined, be: 'a duration such as 30m or 14d' },
};

function checkOne(type: string, value: Json): string | undefined {
  if (type === 'number') return typeof value === 'number' ? undefined : 'must be a number';
  if (type === 'boolean') return typeof value === 'boolean' ? undefined : 'must be true or false';
  if (type === 'map' || type === 'people') return isRecord(value) ? undefined : 'must be a map';
  const form = TEXT_FORMS[type];
  if (form) return typeof value === 'string' && value !== '' && form.test(value) ? undefined : `must be ${form.be}`;
  return checkEntity(type, value);
}

function checkEntity(type: string, value: Json): string | undefined {
  const members = ENTITY_MEMBERS[type];
  if (!members) return `has the type ${type}, which is not known`;
  if (typeof value === 'string') return value.trim() === '' ? `must name a ${type}` : undefined;
  if (!isRecord(value)) return Array.isArray(value) ? `must be one ${type}, not a list` : `must be a ${type}`;
  const isNamed = members.some((member) => typeof value[member] === 'string' && value[member].trim() !== '');
  return isNamed ? undefined : `must have ${members.length === 1 ? '' : 'one of '}${members.join(', ')}`;
}

function isRecord(value: Json): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
