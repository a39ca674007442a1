// What a scenario says of an effect or a question against what it was: every difference, in words. None: it is the one that was meant.
import { ENTITY_MEMBERS } from '../../language/inputs.ts';
import { own } from '../../language/own.ts';
import type { Json } from '../../language/plan.ts';
import { labelOf } from '../../language/rows.ts';
import type { ExpectedEffect, ExpectedTarget } from '../../language/scenario/effects.ts';
import type { Expected } from '../../language/scenario/expectations.ts';
import { VERBS } from '../../language/verbs.ts';
import { type Effect, targetOf } from './effect.ts';
import type { Happening } from './simulation.ts';

type Params = Readonly<Record<string, Json>>;

/** `verb` and `params` are those of the effect. */
interface Done {
  readonly verb?: string;
  readonly params?: Params;
}

/** Such as: on Ben Baker (user-008) · with title "Malware on wks-008". */
export function differencesOf(
  { on, with: wanted }: Pick<ExpectedEffect, 'on' | 'with'>,
  { verb = '', params = {} }: Done,
): readonly string[] {
  const target = targetOf(verb, params);
  const type = own(own(VERBS, verb)?.params ?? {}, own(VERBS, verb)?.target ?? '')?.type ?? '';
  return [
    ...(on === undefined || isOn(on, target, type) ? [] : [target === undefined ? 'on nothing' : `on ${labelOf(target)}`]),
    ...Object.entries(wanted ?? {}).flatMap(([name, value]) =>
      partsThatDiffer(value, own(params, name), name).map((part) => `with ${part}`),
    ),
  ];
}

/** Of what people were asked: to whom, in which words, about what. */
export function cardDifferencesOf(expected: Expected, { to, title, covers }: Happening): readonly string[] {
  const isCovered = (one: Effect) => (expected.covers ?? []).some((wanted) => isMeantBy(wanted, one));
  return [
    ...partsThatDiffer(expected.to ?? null, expected.to === undefined ? undefined : { ...to }, 'to'),
    ...(expected.title === undefined ? [] : partsThatDiffer(expected.title, title, 'title')),
    ...(expected.covers ?? [])
      .filter((wanted) => !(covers ?? []).some((one) => isMeantBy(wanted, one)))
      .map((wanted) => `not about ${wantedWords(wanted)}`),
    ...(expected.covers === undefined
      ? []
      : (covers ?? []).filter((one) => !isCovered(one)).map((one) => `also about ${effectWords(one)}`)),
  ];
}

/** By its name alone, which a step, a turn of it and a verb may be called by. */
export const isNamed = (name: string, { step, key, verb }: Pick<Effect, 'step' | 'key' | 'verb'>): boolean =>
  step === name || key === name || verb === name;

export const isMeantBy = (wanted: ExpectedEffect, one: Effect): boolean =>
  isNamed(wanted.name, one) && differencesOf(wanted, one).length === 0;

/** "disable on user-007". */
export function wantedWords({ name, on, with: wanted }: Pick<ExpectedEffect, 'name' | 'on' | 'with'>): string {
  return [name, detailWords({ on, with: wanted })].filter((text) => text !== '').join(' ');
}

export function detailWords({
  on,
  with: wanted,
}: {
  readonly on?: ExpectedTarget | undefined;
  readonly with?: Params | undefined;
}): string {
  const parts = Object.entries(wanted ?? {}).map(([name, value]) => `with ${name} ${inWords(value)}`);
  return [...(on === undefined ? [] : [`on ${labelOf(on)}`]), ...parts].join(' ');
}

/** "role responder, 2 people". */
export function peopleWords({ count, ...people }: Readonly<Record<string, Json>>): string {
  const whom = Object.entries(people).map(([kind, name]) => `${kind} ${name}`);
  return [...whom, ...(count === undefined || count === 1 ? [] : [`${count} people`])].join(', ');
}

/** What the verb is given beside its target: `with title "Malware on wks-007"`. */
export function parameterWords(verb: string, params: Params): string {
  const target = own(VERBS, verb)?.target;
  const parts = Object.entries(params).flatMap(([name, value]) => (name === target ? [] : [`${name} ${inWords(value)}`]));
  return parts.length === 0 ? '' : `with ${parts.join(', ')}`;
}

export const effectWords = ({ step, target }: Effect): string => (target === undefined ? step : `${step} on ${target}`);

/** A text is the thing's id, address or name; a map has some of its members. Never a pattern. */
function isOn(wanted: ExpectedTarget, target: Json | undefined, type: string): boolean {
  if (typeof wanted !== 'string')
    return isRecord(target) && Object.entries(wanted).every(([name, value]) => isEqual(value, own(target, name)));
  if (typeof target === 'string') return target === wanted;
  const members = type === 'message' ? ['id', 'subject'] : (own(ENTITY_MEMBERS, type) ?? []);
  return isRecord(target) && members.some((name) => own(target, name) === wanted);
}

function isEqual(wanted: Json, given: Json | undefined): boolean {
  return typeof wanted === 'string' ? wanted === given : partsThatDiffer(wanted, given, '').length === 0;
}

/** The innermost parts that are otherwise, each with what it was. */
function partsThatDiffer(wanted: Json, given: Json | undefined, path: string): readonly string[] {
  const was = `${path} ${given === undefined || given === null ? 'not given' : inWords(given, wanted)}`;
  if (wanted === null) return given === undefined || given === null ? [] : [was];
  if (isList(wanted)) {
    if (!isList(given) || given.length !== wanted.length) return [was];
    return wanted.flatMap((one, index) => partsThatDiffer(one, given[index], `${path}[${index}]`));
  }
  if (isRecord(wanted)) {
    if (!isRecord(given)) return [was];
    return Object.entries(wanted).flatMap(([name, value]) => partsThatDiffer(value, own(given, name), `${path}.${name}`));
  }
  const isSame = typeof wanted === 'string' && typeof given === 'string' ? fits(wanted, given) : wanted === given;
  return isSame ? [] : [was];
}

/** `*` stands for anything, also for nothing; each piece is looked for once, from left to right. */
export function fits(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return pattern === text;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

const SHOWN = 80;

/** In quotes where it is text; of a long one, what is around the first letter that is otherwise than wanted. */
function inWords(value: Json, wanted?: Json): string {
  if (typeof value !== 'string') {
    const text = JSON.stringify(value);
    return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  }
  const from = typeof wanted === 'string' ? Math.max(0, firstDifference(wanted, value) - SHOWN / 2) : 0;
  const part = value.slice(from, from + SHOWN).replaceAll(/\s+/g, ' ');
  return `"${from > 0 ? '…' : ''}${part}${from + SHOWN < value.length ? '…' : ''}"`;
}

function firstDifference(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return a[at] === '*' ? 0 : at;
}

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

const isRecord = (value: Json | undefined): value is Params => typeof value === 'object' && value !== null && !Array.isArray(value);
