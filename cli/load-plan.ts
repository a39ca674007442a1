// One playbook by its path, checked. What is wrong with it is printed, and the command ends.
import { formatDiagnostics } from '../language/format-diagnostics.ts';
import type { Plan } from '../language/plan.ts';
import { readPlaybookBeside } from '../language/read-beside.ts';
import { CliError, type Context, EXIT } from './command.ts';
import { findPlaybooks, type PlaybookFiles } from './playbook-files.ts';

export interface LoadedPlan extends PlaybookFiles {
  readonly plan: Plan;
}

export function loadPlan(context: Context, path: string): LoadedPlan {
  const [first, second] = findPlaybooks([path], context.cwd);
  if (!first || second) throw new CliError(EXIT.wrongUse, 'ONE_PLAYBOOK', `${path} holds several playbooks`, 'name one of them');
  const { plan, diagnostics } = readPlaybookBeside(first.playbook, first.beside);
  if (plan) return { ...first, plan };
  context.err(formatDiagnostics(diagnostics, first.playbook.text, { color: context.colour }));
  const faults = diagnostics.filter(({ severity }) => severity === 'error').length;
  throw new CliError(
    EXIT.no,
    'PLAYBOOK_BROKEN',
    `${first.playbook.file} has ${faults === 1 ? 'a fault' : `${faults} faults`}`,
    'mend what is said above first',
  );
}
