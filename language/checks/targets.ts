// A target that may be missing when the step is reached: taken from a list that may be empty, or from a look-up that may find nothing.

import { findFunction } from '../cel/functions/functions.ts';
import { own } from '../own.ts';
import type { Step } from '../plan.ts';
import type { Report } from '../report.ts';
import type { Written } from '../steps/read-steps.ts';
import { VERBS } from '../verbs.ts';
import { followUpsOf, listsOf } from './step-facts.ts';

interface Context {
  readonly report: Report;
  readonly written: ReadonlyMap<Step, Written>;
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
      const why = use && whyEmpty(use.source);
      if (target !== undefined && use && why !== undefined && !readsOf(use).some((read) => inside.has(read))) {
        context.report('TARGET_MAYBE_EMPTY', [...path, 'with', target], `\`${target}\` is empty where ${why}`, { offset: use.offset });
      }
    }
    for (const list of [...listsOf(step), ...followUpsOf(step)]) checkTargets(context, list, inside);
  }
}

const readsOf = ({ parsed }: Written['uses'][number]): readonly string[] =>
  parsed.ok ? parsed.expression.reads.map((read) => [read.root, ...read.path.filter((part) => part !== '[]')].join('.')) : [];

/** Of an expression that is one call as a whole: `first(…)`, `get(…, null)`. */
function whyEmpty(source: string): string | undefined {
  const name = /^(\w+)\(.*\)$/s.exec(source.trim())?.[1] ?? '';
  if (name === 'get') return /,\s*(?:null|''|"")\s*\)$/.test(source.trim()) ? 'get() finds nothing' : undefined;
  const row = findFunction(name);
  return row?.orNull === true ? `${name}() finds nothing` : undefined;
}
