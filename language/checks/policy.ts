// What the policy says of each effect whatever its target is: that people will be asked, or that it is denied. What depends on tags, names or
// criticality is known only in the run.

import type { Match, Rule } from '../../policy/policy.ts';
import { own } from '../own.ts';
import type { DoStep, Step } from '../plan.ts';
import type { Report } from '../report.ts';
import type { Written } from '../steps/read-steps.ts';
import { VERBS, type Verb } from '../verbs.ts';
import { approveOf, followUpsOf, listsOf } from './step-facts.ts';

interface Context {
  readonly report: Report;
  readonly written: ReadonlyMap<Step, Written>;
}

/** `covered`: a decision around it asks already. */
export function checkPolicy(context: Context, steps: readonly Step[], rules: readonly Rule[], covered = false): void {
  for (const step of steps) {
    const isAsked = covered || approveOf(step) !== undefined;
    if (step.kind === 'do') checkEffect(context, step, rules, isAsked);
    for (const list of listsOf(step)) checkPolicy(context, list, rules, isAsked);
    for (const list of followUpsOf(step)) checkPolicy(context, list, rules, covered);
  }
}

function checkEffect({ report, written }: Context, step: DoStep, rules: readonly Rule[], isAsked: boolean): void {
  const verb = own(VERBS, step.verb);
  if (!verb || verb.risk === 'read') return;
  const path = [...(written.get(step)?.path ?? []), 'do'];
  const certain = rules.filter((rule) => matchesAlways(rule.match, step, verb));
  const deny = certain.find((rule) => rule.consequence.then === 'deny');
  if (deny) {
    report('POLICY_DENIES', path, `the policy denies \`${step.verb}\` always (rule \`${deny.name}\`): ${deny.reason}`);
    return;
  }
  const ask = certain.find((rule) => rule.consequence.then === 'ask');
  if (ask?.consequence.then !== 'ask' || isAsked) return;
  const { role, count } = ask.consequence;
  report(
    'APPROVE_MISSING',
    path,
    `the policy asks ${count} ${role} before \`${step.verb}\` (rule \`${ask.name}\`), and the playbook does not say so`,
    {
      hint: `say so: approve: { by: { role: ${role}${count > 1 ? `, count: ${count}` : ''} } }, here or on the group around it`,
    },
  );
}

/** Every condition that is given is known to hold for each run. */
function matchesAlways(match: Match, step: DoStep, verb: Verb): boolean {
  if (match.tags ?? match.groups ?? match.names ?? match.criticality ?? match.severityBelow) return false;
  if (match.outside ?? match.between) return false;
  const kind = verb.target === undefined ? undefined : verb.params[verb.target]?.type;
  return (
    (match.verbs?.includes(step.verb) ?? true) &&
    (match.risks?.includes(verb.risk) ?? true) &&
    (match.kinds === undefined || (kind !== undefined && match.kinds.includes(kind))) &&
    (match.connectors === undefined || (step.via !== undefined && match.connectors.includes(step.via)))
  );
}
