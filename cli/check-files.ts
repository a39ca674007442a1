// The check of one playbook with its scenarios.
import { namesOf } from '../engine/simulation/outline.ts';
import type { Diagnostic } from '../language/diagnostics.ts';
import { readPlaybookBeside } from '../language/read-beside.ts';
import { readScenario } from '../language/scenario.ts';
import type { Rule } from '../policy/policy.ts';
import type { PlaybookFiles, TextFile } from './playbook-files.ts';

export interface CheckedFile extends TextFile {
  readonly diagnostics: readonly Diagnostic[];
}

/** With the rules of a policy, also what it would ask or deny. */
export function checkFiles({ playbook, scenarios, beside }: PlaybookFiles, rules?: readonly Rule[]): readonly CheckedFile[] {
  const { plan, diagnostics } = readPlaybookBeside(playbook, beside, rules);
  const own = { ...playbook, diagnostics };
  // Without a plan nobody knows which steps a scenario may name.
  if (!plan) return [own];
  const names = namesOf(plan);
  return [own, ...scenarios.map((one) => ({ ...one, diagnostics: readScenario(one.text, one.file, names).diagnostics }))];
}
