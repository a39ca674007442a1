// Lists that are gone through, by `for_each` or the rows of a question: that it is a list at all, and that it is there.
import { UNSURE_TYPE } from '../inputs.ts';
import { own } from '../own.ts';
import type { Input, Step, Template } from '../plan.ts';
import type { Report } from '../report.ts';
import type { Written } from '../steps/read-steps.ts';
import type { Path } from '../yaml-text.ts';

interface Context {
  readonly report: Report;
  readonly written: ReadonlyMap<Step, Written>;
  readonly inputs: Readonly<Record<string, Input>>;
}

/** `asked`: inputs that a guard around has asked for. */
export function checkList({ report, written, inputs }: Context, step: Step, asked: ReadonlySet<string>): void {
  const found = listOf(step);
  if (!found) return;
  const { of, name } = found;
  const at = [...(written.get(step)?.path ?? []), ...found.at];
  if ('lit' in of && !Array.isArray(of.lit))
    report('VALUE_TYPE', at, `\`${name}\` must be a list`, { hint: 'such as "${' + '{ inputs.users }}"' });
  const input = 'cel' in of ? /^inputs\.(\w+)$/.exec(of.cel)?.[1] : undefined;
  const declared = input === undefined ? undefined : own(inputs, input);
  if (!declared || input === undefined || declared.type === UNSURE_TYPE) return;
  if (!declared.list) {
    report('VALUE_TYPE', at, `\`${name}\` must be a list, and \`inputs.${input}\` is one ${declared.type}`, {
      hint: `declare it so: ${input}: { type: ${declared.type}, list: true }`,
    });
  } else if (declared.optional && declared.default === undefined && !asked.has(input)) {
    report('INPUT_MAYBE_NULL', at, `\`inputs.${input}\` may be missing, and then there is no list`, {
      hint: `guard the step: when: inputs.${input} != null`,
    });
  }
}

function listOf(step: Step): { readonly of: Template; readonly name: string; readonly at: Path } | undefined {
  if (step.kind === 'for_each') return { of: step.of, name: step.name, at: ['for_each', step.name] };
  return step.kind === 'ask' && step.rows ? { of: step.rows.of, name: 'of', at: ['ask', 'rows', 'of'] } : undefined;
}
