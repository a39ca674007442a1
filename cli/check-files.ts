// The check of one playbook with its scenarios: plain data in and out, so that a thread can do it too.
import { namesOf } from '../engine/simulation/outline.ts';
import type { Diagnostic } from '../language/diagnostics.ts';
import { readPlaybook } from '../language/parse.ts';
import { readScenario } from '../language/scenario.ts';
import type { PlaybookFiles, TextFile } from './playbook-files.ts';

export interface CheckedFile extends TextFile {
  readonly diagnostics: readonly Diagnostic[];
}

export function checkFiles({ playbook, scenarios }: PlaybookFiles): readonly CheckedFile[] {
  const { plan, diagnostics } = readPlaybook(playbook.text, playbook.file);
  const own = { ...playbook, diagnostics };
  // Without a plan nobody knows which steps a scenario may name.
  if (!plan) return [own];
  const names = namesOf(plan);
  return [own, ...scenarios.map((one) => ({ ...one, diagnostics: readScenario(one.text, one.file, names).diagnostics }))];
}
