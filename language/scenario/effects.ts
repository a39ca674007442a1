// One effect that a scenario expects, or must not see: which step or verb, on whom, with what.
import { didYouMean } from '../nearest.ts';
import { own } from '../own.ts';
import type { Json } from '../plan.ts';
import type { Report } from '../report.ts';
import { isSeverityWord, SEVERITY_ID } from '../severity.ts';
import { type Param, VERBS } from '../verbs.ts';
import type { Path, Place } from '../yaml-text.ts';
import { checkEffect, checkKnown, checkStep, type EffectKind, type Reading, stepOf, turnsOf } from './names.ts';
import type { DetailsText, EffectText } from './schema.ts';

/** One effect, or several alike: a short name means all of them. */
export interface ExpectedEffect {
  /** A step's id, one turn of it (`off#2`), or a verb. */
  readonly name: string;
  readonly on?: ExpectedTarget;
  readonly with?: Readonly<Record<string, Json>>;
  /** Where one turn of it is meant: the key of each loop around it, the outermost first, and which of its turns. */
  readonly turns?: readonly { readonly loop: string; readonly turn: number }[];
  readonly place: Place;
}

export type ExpectedTarget = string | Readonly<Record<string, Json>>;

/** `sent` may name a verb, too. Undefined where it cannot be understood; that was told. */
export function readEffect(reading: Reading, text: EffectText, path: Path, kind: EffectKind): ExpectedEffect | undefined {
  const place = reading.placeOf(path);
  if (typeof text === 'string') {
    const isRight = checkStep(reading, path, text, 'value', kind === 'sent') && checkEffect(reading, path, text, kind);
    return isRight ? { name: text, ...turnIn(reading, text), place } : undefined;
  }
  const verb = 'verb' in text ? text.verb : undefined;
  const name = verb ?? text.step ?? '';
  const isKnown =
    verb === undefined
      ? checkStep(reading, [...path, 'step'], name) && checkEffect(reading, [...path, 'step'], name, kind)
      : checkKnown(reading, [...path, 'verb'], verb, Object.keys(VERBS), 'verb');
  if (!isKnown || !checkDetails(reading, text, path, verb ?? own(reading.names, stepOf(name))?.verb)) return undefined;
  return { name, ...turnIn(reading, name), ...targetAndParameters(text), place };
}

function turnIn({ names }: Reading, name: string): Pick<ExpectedEffect, 'turns'> {
  const counts = turnsOf(name);
  const loops = own(names, stepOf(name))?.loops ?? [];
  if (counts.length === 0) return {};
  const before = (index: number) =>
    counts
      .slice(0, index)
      .map((count) => `#${count}`)
      .join('');
  return { turns: counts.map((turn, index) => ({ loop: `${loops[index]?.id ?? ''}${before(index)}`, turn })) };
}

export type TargetText = Pick<DetailsText, 'on' | 'with'>;

export const targetAndParameters = (text: TargetText): Pick<ExpectedEffect, 'on' | 'with'> => ({
  ...(text.on === undefined ? {} : { on: text.on }),
  ...(text.with === undefined ? {} : { with: text.with }),
});

/** `on` and `with` fit the verb. */
export function checkDetails({ report }: Reading, text: TargetText, path: Path, verb: string | undefined): boolean {
  const about = verb === undefined ? undefined : own(VERBS, verb);
  if (!about) {
    for (const key of ['on', 'with'] as const)
      if (text[key] !== undefined)
        report('KEY_USELESS', [...path, key], `\`${key}\` says nothing of a step that does nothing to anything`, {
          part: 'key',
          hint: 'only `do` steps act on something; what an approval is about stands under `covers`',
        });
    return text.on === undefined && text.with === undefined;
  }
  const { target, params } = about;
  const others = Object.keys(params).filter((name) => name !== target);
  let isRight = true;
  const fault = (...said: Parameters<Report>) => {
    isRight = false;
    report(...said);
  };
  const wanted = target === undefined ? undefined : params[target];
  if (text.on !== undefined && !wanted)
    fault('KEY_USELESS', [...path, 'on'], `\`${verb}\` acts on nothing that has a name`, {
      part: 'key',
      hint: `say what it is given: with: { ${others[0] ?? ''}: … }`,
    });
  if (typeof text.on === 'object' && wanted && !THINGS.has(wanted.type))
    fault('PARAMETER_TYPE', [...path, 'on'], `\`${verb}\` acts on one ${wanted.type}, which is a text`);
  for (const [name, value] of Object.entries(text.with ?? {})) {
    const at = [...path, 'with', name];
    if (name === target)
      fault('KEY_USELESS', at, `\`${name}\` is what \`${verb}\` acts on`, { part: 'key', hint: `say it beside \`with\`: on: …` });
    else if (!others.includes(name))
      fault('PARAMETER_UNKNOWN', at, `\`${verb}\` takes no \`${name.slice(0, 60)}\``, {
        part: 'key',
        hint: didYouMean(name, others) ?? `it takes ${Object.keys(params).join(', ')}`,
      });
    else {
      const message = faultOf(own(params, name), value);
      if (message !== undefined) fault('PARAMETER_TYPE', at, `\`${name}\` ${message}`);
    }
  }
  return isRight;
}

const THINGS: ReadonlySet<string> = new Set(['user', 'host', 'file', 'message', 'ticket']);

/** What is wrong with the value that a parameter is expected to have; undefined when nothing is. */
function faultOf(param: Param | undefined, value: Json): string | undefined {
  if (!param) return undefined;
  if (value === null) return param.optional ? undefined : 'is always given';
  if (param.list) return Array.isArray(value) ? undefined : 'is a list';
  const { type, choices } = param;
  if (type === 'number' || type === 'boolean')
    return typeof value === type ? undefined : `is ${type === 'number' ? 'a number' : 'true or false'}`;
  const isMap = typeof value === 'object' && !Array.isArray(value);
  if (type === 'map' || type === 'people') return isMap ? undefined : 'is a map';
  if (THINGS.has(type) && isMap) return undefined;
  if (typeof value !== 'string') return 'is a text: put it in quotes';
  if (/^\*+$/.test(value) && !param.optional) return 'is always given, and `*` fits whatever it is: say some of it';
  if (value.includes('*')) return undefined;
  if (type === 'severity') return isSeverityWord(value) ? undefined : wordFault(value, Object.keys(SEVERITY_ID));
  return choices && !choices.includes(value) ? wordFault(value, choices) : undefined;
}

function wordFault(value: string, words: readonly string[]): string {
  const near = didYouMean(value, words);
  return `is one of ${words.join(', ')}${near === undefined ? '' : `: ${near}`}`;
}
