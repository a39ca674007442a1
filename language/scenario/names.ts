// The names that a scenario calls things by: a step, one turn of it, a verb.
import { didYouMean } from '../nearest.ts';
import { own } from '../own.ts';
import type { Report } from '../report.ts';
import { VERBS, type Verb } from '../verbs.ts';
import type { Path, YamlText } from '../yaml-text.ts';

/** A loop around a step. */
export interface LoopAround {
  readonly id: string;
  /** It takes no more turns than these; absent where only time bounds it. */
  readonly max?: number;
}

interface NamedStep {
  readonly kind: string;
  /** Of a `do`. */
  readonly verb?: string;
  /** Outermost first; absent outside loops. */
  readonly loops?: readonly LoopAround[];
}

/** What the playbook has: its steps by id. */
export type ScenarioNames = Readonly<Record<string, NamedStep>>;

export interface Reading {
  readonly report: Report;
  readonly names: ScenarioNames;
  readonly placeOf: YamlText['place'];
}

/** `off#2` is the third turn of the loop around the step. */
export const stepOf = (name: string): string => name.replace(/(?:#\d+)+$/, '');

/** Of `off#2#0`: 2 and 0, outermost first. */
export const turnsOf = (name: string): readonly number[] => name.slice(stepOf(name).length).split('#').slice(1).map(Number);

type Part = 'key' | 'value';

export function checkKnown(
  { report }: Pick<Reading, 'report'>,
  path: Path,
  name: string,
  candidates: readonly string[],
  what: string,
  part: Part = 'value',
): boolean {
  if (candidates.includes(name)) return true;
  const hint = () => didYouMean(name, candidates);
  report('VALUE_UNKNOWN', path, `\`${name.slice(0, 60)}\` is no ${what}`, { part, hint });
  return false;
}

/** A step of the playbook, or one turn of it that there can be. With `verbs` also a verb. */
export function checkStep(reading: Reading, path: Path, name: string, part: Part = 'value', verbs = false): boolean {
  const step = stepOf(name);
  const steps = Object.keys(reading.names);
  const [candidates, what] = verbs
    ? [[...steps, ...Object.keys(VERBS)], 'step of the playbook and no verb']
    : [steps, 'step of the playbook'];
  return checkKnown(reading, path, step, candidates, what, part) && isTurn(reading, path, name, part);
}

/** What names a turn that is none means nothing, whatever happens. */
function isTurn({ report, names }: Reading, path: Path, name: string, part: Part): boolean {
  const turns = turnsOf(name);
  if (turns.length === 0) return true;
  const step = stepOf(name);
  const loops = own(names, step)?.loops ?? [];
  const short = step.slice(0, 60);
  if (loops.length === 0) {
    report('VALUE_UNKNOWN', path, `\`${short}\` stands in no loop: it has no turns`, { part, hint: `write it as ${short}` });
    return false;
  }
  if (turns.length !== loops.length) {
    const hint = `count the turns of each, the outermost first, from 0: "${short}${'#0'.repeat(loops.length)}"`;
    report('VALUE_UNKNOWN', path, `\`${short}\` stands in ${loops.length === 1 ? 'one loop' : `${loops.length} loops`}`, { part, hint });
    return false;
  }
  const over = loops.find(({ max = Number.POSITIVE_INFINITY }, index) => (turns[index] ?? 0) >= max);
  if (!over) return true;
  const hint = `they are counted from 0, so the last is ${(over.max ?? 1) - 1}`;
  report('VALUE_UNKNOWN', path, `the loop ${over.id} has at most ${over.max} turns`, { part, hint });
  return false;
}

/** The step sends something, or leaves something behind, as the verb must that is expected of it. */
export function checkEffect({ report, names }: Reading, path: Path, name: string, kind: EffectKind): boolean {
  const step = stepOf(name);
  const about = own(names, step);
  if (!about) return true; // a verb
  const verb = about.verb === undefined ? undefined : own(VERBS, about.verb);
  if (verb && FITS[kind].isSo(verb)) return true;
  const message = about.verb === undefined ? `\`${step}\` sends nothing to any product by itself` : `\`${about.verb}\` ${FITS[kind].why}`;
  report('KEY_USELESS', path, message, { hint: about.verb === undefined ? 'name the `do` steps inside, or a verb' : FITS[kind].hint });
  return false;
}

export type EffectKind = 'sent' | 'lasting' | 'covered';

const FITS: Readonly<Record<EffectKind, { readonly isSo: (verb: Verb) => boolean; readonly why: string; readonly hint: string }>> = {
  sent: { isSo: () => true, why: '', hint: '' },
  lasting: {
    isSo: ({ risk }) => risk === 'reversible',
    why: 'leaves nothing behind that could be taken back',
    hint: 'what it has done stands under `expect`',
  },
  covered: { isSo: ({ risk }) => risk !== 'read', why: 'only reads: nobody is asked about it', hint: 'take it away' },
};
