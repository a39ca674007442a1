// "In 14 days it would have: isolate a host 31 times, 2 of them protected": the sentence that people decide by.

import { own } from '../language/own.ts';
import { VERBS } from '../language/verbs.ts';
import type { WouldHave } from '../server/contract.ts';
import { counted } from './counted.ts';

export function wouldWords({ playbook, days, runs, failed, effects }: WouldHave): string {
  const head = `In ${days} days ${playbook} observed ${counted(runs, 'run')}`;
  const fault = failed === 0 ? '' : ` ${counted(failed, 'step')} failed: look at the runs first.`;
  const verbs = [...new Set(effects.map((one) => one.verb))];
  if (verbs.length === 0) return `${head}; it would have changed nothing.${fault}`;
  return `${head}; it would have done:${fault}\n${verbs.map((verb) => `  ${line(effects.filter((one) => one.verb === verb))}\n`).join('')}`.trimEnd();
}

function line(effects: WouldHave['effects']): string {
  const verb = effects[0]?.verb ?? '';
  const sum = (of: WouldHave['effects']) => of.reduce((total, one) => total + one.times, 0);
  const denied = effects.filter((one) => one.effect === 'deny');
  const asked = sum(effects.filter((one) => one.effect === 'ask'));
  const parts = [
    ...(denied.length === 0 ? [] : [`${sum(denied)} of them protected (${[...new Set(denied.map((one) => one.rule))].join(', ')})`]),
    ...(asked === 0 ? [] : [`${asked} after an approval`]),
  ];
  return `${own(VERBS, verb)?.title ?? verb}: ${counted(sum(effects), 'time')}${parts.length === 0 ? '' : `, ${parts.join(', ')}`}`;
}
