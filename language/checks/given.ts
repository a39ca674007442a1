// A value where one of a declared type is wanted, by a parameter of a verb an input or an output: written out, or given by an expression.
import { ALERT_ROWS } from '../alert-members.ts';
import { parseExpression } from '../cel.ts';
import { checkInput, UNSURE_TYPE } from '../inputs.ts';
import { own } from '../own.ts';
import type { Json, Step, Template } from '../plan.ts';
import type { Path } from '../yaml-text.ts';
import type { Names } from './expression.ts';
import { isThing } from './kinds.ts';
import { outputOf } from './step-facts.ts';

export type Declared = Pick<Names, 'report' | 'inputs' | 'steps' | 'broken'>;

interface Wanted {
  readonly name: string;
  readonly type: string;
  readonly list?: boolean;
  /** There must be a value. */
  readonly isNeeded: boolean;
  /** Who wants it: a verb or a playbook. */
  readonly by: string;
}

interface Given {
  /** Undefined: not known. */
  readonly type?: string;
  readonly list: boolean;
  /** How it is called in a message. */
  readonly words: string;
}

/** `asked`: inputs that a guard around has asked for. Nothing is said of what is known at run time only. False where it does not fit. */
export function checkGiven(context: Declared, at: Path, wanted: Wanted, value: Template, asked: ReadonlySet<string>): boolean {
  if (!('lit' in value)) checkMissing(context, at, wanted, value, asked);
  const fault = 'lit' in value ? faultOf(wanted, value.lit) : misfit(wanted, value, givenBy(context, value));
  if (fault)
    context.report('PARAMETER_TYPE', at, `\`${wanted.name}\` ${fault.message}`, fault.hint === undefined ? {} : { hint: fault.hint });
  return fault === undefined;
}

interface Fault {
  readonly message: string;
  readonly hint?: string;
}

function faultOf({ type, list = false, isNeeded }: Wanted, value: Json): Fault | undefined {
  if (value === null) return isNeeded ? { message: 'must have a value' } : undefined;
  const message = checkInput({ type, list }, value);
  return message === undefined ? undefined : { message };
}

function checkMissing({ report, inputs }: Declared, at: Path, wanted: Wanted, value: Template, asked: ReadonlySet<string>): void {
  const input = 'cel' in value ? /^inputs\.(\w+)$/.exec(value.cel)?.[1] : undefined;
  const declared = input === undefined ? undefined : own(inputs, input);
  if (wanted.isNeeded && declared?.optional && declared.default === undefined && input !== undefined && !asked.has(input)) {
    report('INPUT_MAYBE_NULL', at, `\`inputs.${input}\` may be missing, and \`${wanted.by}\` needs it`, {
      hint: `guard the step: when: inputs.${input} != null`,
    });
  }
}

function misfit({ type, list, isNeeded }: Wanted, value: Template, given: Given | undefined): Fault | undefined {
  if (!given || given.type === UNSURE_TYPE) return undefined;
  if (given.type === 'null') return isNeeded ? { message: 'must have a value' } : undefined;
  if (given.list && !list) {
    const hint = 'cel' in value ? { hint: `take one of them: \${{ first(${value.cel}) }}, or go through all with \`for_each\`` } : {};
    return { message: `takes one ${type}, and ${given.words} is a list`, ...hint };
  }
  if (given.type === undefined) return undefined;
  if (list && !given.list)
    return {
      message: `takes a list of ${type}, and ${given.words} is one ${given.type}`,
      ...('cel' in value ? { hint: `for a list of one: \${{ [${value.cel}] }}` } : {}),
    };
  if (given.type === type || isFitting(given.type, type)) return undefined;
  const isTold = type === 'text' && 'cel' in value && (given.type === 'number' || given.type === 'boolean');
  return {
    message: `takes ${type}, and ${given.words} is ${given.type}`,
    ...(isTold && 'cel' in value ? { hint: `as text: \${{ string(${value.cel}) }}` } : {}),
  };
}

function givenBy(context: Declared, value: Template): Given | undefined {
  if ('text' in value) return { type: 'text', list: false, words: 'this' };
  if ('list' in value) return { list: true, words: 'this' };
  if ('map' in value) return { type: MADE, list: false, words: 'this' };
  if (!('cel' in value)) return undefined;
  const declared = declaredBy(context, value.cel);
  if (declared) return { ...declared, list: declared.list === true, words: `\`${value.cel}\`` };
  const parsed = parseExpression(value.cel);
  const kind = parsed.ok ? parsed.expression.kind : undefined;
  if (kind === undefined) return undefined;
  return kind === 'list' ? { list: true, words: 'this' } : { type: kind === 'map' ? MADE : kind, list: false, words: 'this' };
}

/** An input or a result that is read as a whole. */
function declaredBy({ inputs, steps, broken }: Declared, source: string): { readonly type?: string; readonly list?: boolean } | undefined {
  const [, root, first = '', second] = /^(inputs|steps|alert)\.(\w+)(?:\.(\w+))?$/.exec(source) ?? [];
  const kind = root === 'alert' && second === undefined ? own(ALERT_ROWS, first)?.kind : undefined;
  if (kind !== undefined) return kind === 'list' ? { list: true } : { type: kind };
  if (root === 'inputs') return second === undefined ? own(inputs, first) : undefined;
  const step: Step | undefined = broken.has(first) ? undefined : steps.get(first);
  return step && second !== undefined ? outputOf(step, second) : undefined;
}

/** A map that the playbook makes itself: of whatever it names. */
const MADE = 'a map';

// Text where an entity is expected is looked up exactly; an address or a domain may name a host; what is written as text can stand where text is expected.
const ALSO_FITS: Readonly<Record<string, readonly string[]>> = {
  ip: ['host', 'text'],
  domain: ['host', 'text'],
  url: ['text'],
  severity: ['text'],
  duration: ['text'],
};

function isFitting(given: string, wanted: string): boolean {
  if (given === 'text') return !['number', 'boolean', 'map', 'people'].includes(wanted);
  // A thing is a map of what is known of it, and a map may be of one: only the run can tell.
  if (given === MADE || given === 'map') return wanted === 'map' || wanted === 'people' || isThing(wanted);
  if (wanted === 'map') return isThing(given);
  return ALSO_FITS[given]?.includes(wanted) ?? false;
}
