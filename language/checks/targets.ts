// A target that may be missing when the step is reached: taken from a list that may be empty, or from a look-up that may find nothing.

import { findFunction } from '../cel/functions/functions.ts';
import { own } from '../own.ts';
import type { Input, Step } from '../plan.ts';
import type { WrittenTrigger } from '../read-triggers.ts';
import type { Report } from '../report.ts';
import type { Written } from '../steps/read-steps.ts';
import { VERBS } from '../verbs.ts';
import { followUpsOf, listsOf } from './step-facts.ts';

interface Context {
  readonly report: Report;
  readonly written: ReadonlyMap<Step, Written>;
  readonly inputs: Readonly<Record<string, Input>>;
}

/** `asked`: what the guards around read, as `root.member…`; what a guard has looked at, its author has thought of. */
export function checkTargets(context: Context, steps: readonly Step[], asked: ReadonlySet<string> = new Set()): void {
  for (const step of steps) {
    const { path = [], uses = [] } = context.written.get(step) ?? {};
    const guards = uses.filter((use) => use.role === 'guard' || use.role === 'condition');
    const inside = new Set([...asked, ...guards.flatMap((use) => readsOf(use))]);
    if (step.kind === 'do' && step.default === undefined) {
      const target = own(VERBS, step.verb)?.target;
      const value = target === undefined ? undefined : step.with[target];
      const use = value && 'cel' in value ? uses.find((one) => one.role === 'value' && one.source === value.cel) : undefined;
      const why = use && whyEmpty(use.source, context.inputs);
      if (target !== undefined && use && why !== undefined && !readsOf(use).some((read) => inside.has(read))) {
        context.report('TARGET_MAYBE_EMPTY', [...path, 'with', target], `\`${target}\` is ${why}`, { offset: use.offset });
      }
    }
    for (const list of [...listsOf(step), ...followUpsOf(step)]) checkTargets(context, list, inside);
  }
}

const readsOf = ({ parsed }: Written['uses'][number]): readonly string[] =>
  parsed.ok ? parsed.expression.reads.map((read) => [read.root, ...read.path.filter((part) => part !== '[]')].join('.')) : [];

/** What the `when` of every trigger has looked at. */
export function askedByTriggers(triggers: readonly WrittenTrigger[]): ReadonlySet<string> {
  const [first = [], ...others] = triggers.map(({ uses }) => uses.filter(({ role }) => role === 'guard').flatMap(readsOf));
  return new Set(first.filter((read) => others.every((reads) => reads.includes(read))));
}

/** Of an expression that is one call as a whole, or one place in a list: `first(…)`, `get(…, null)`, `alert.users[0]`. */
function whyEmpty(written: string, inputs: Context['inputs']): string | undefined {
  const source = written.trim();
  const [, list, index] = /^((?:inputs|steps|alert|vars)\.[\w.]+)\[(\d+)\]$/.exec(source) ?? [];
  if (list !== undefined)
    return index === '0' && isNeverEmpty(list, inputs)
      ? undefined
      : `missing where \`${list}\` ${index === '0' ? 'is empty' : 'is shorter'}`;
  const [, name = '', given = ''] = /^(\w+)\((.*)\)$/s.exec(source) ?? [];
  if (name === 'get') return /,\s*(?:null|''|"")$/.test(given.trim()) ? 'empty where get() finds nothing' : undefined;
  if (findFunction(name)?.orNull !== true || isNeverEmpty(given.trim(), inputs)) return undefined;
  return `empty where ${name}() finds nothing`;
}

/** An empty list fills no input: the run does not begin without one that is needed, and one that may be missing is null (INPUT_MAYBE_NULL). */
function isNeverEmpty(source: string, inputs: Context['inputs']): boolean {
  const [, name = ''] = /^inputs\.(\w+)$/.exec(source) ?? [];
  const input = own(inputs, name);
  return input?.list === true && (input.default === undefined || (Array.isArray(input.default) && input.default.length > 0));
}
