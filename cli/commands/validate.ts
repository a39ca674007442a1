// cordon validate: are these playbooks and their scenarios right? Nothing is run.
import { namesOf } from '../../engine/simulation/outline.ts';
import { type Diagnostic, isClean } from '../../language/diagnostics.ts';
import { formatDiagnostics } from '../../language/format-diagnostics.ts';
import { readPlaybook } from '../../language/parse.ts';
import { readScenario } from '../../language/scenario.ts';
import { type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { jsonText, paint } from '../output.ts';
import { findPlaybooks, type PlaybookFiles, type TextFile } from '../playbook-files.ts';

interface Checked extends TextFile {
  readonly diagnostics: readonly Diagnostic[];
}

export const validate: Register = (program, action) => {
  program
    .command('validate')
    .summary('check playbooks and their scenarios')
    .description('Checks playbooks and their scenarios without running anything. Every fault is shown with its file, line and column.')
    .argument('[paths...]', 'playbook files, or folders of playbooks', ['playbooks'])
    .addHelpText(
      'after',
      '\nExamples:\n  $ cordon validate\n  $ cordon validate playbooks/malware-on-host\n  $ cordon validate --json | jq .diagnostics',
    )
    .action(action((context: Context, paths: readonly string[]) => run(context, paths)));
};

function run(context: Context, paths: readonly string[]): ExitCode {
  const found = findPlaybooks(paths, context.cwd);
  const checked = found.flatMap(check);
  const diagnostics = checked.flatMap((one) => one.diagnostics);
  const ok = isClean(diagnostics);
  if (context.json) context.out(jsonText({ ok, playbooks: found.length, files: checked.length, diagnostics }));
  else print(context, checked, found.length);
  return ok ? EXIT.yes : EXIT.no;
}

function check({ playbook, scenarios }: PlaybookFiles): readonly Checked[] {
  const { plan, diagnostics } = readPlaybook(playbook.text, playbook.file);
  const own = { ...playbook, diagnostics };
  // Without a plan nobody knows which steps a scenario may name.
  if (!plan) return [own];
  const names = namesOf(plan);
  return [
    own,
    ...scenarios.map((scenario) => ({ ...scenario, diagnostics: readScenario(scenario.text, scenario.file, names).diagnostics })),
  ];
}

function print(context: Context, checked: readonly Checked[], playbooks: number): void {
  for (const { diagnostics, text } of checked) {
    if (diagnostics.length > 0) context.out(`${formatDiagnostics(diagnostics, text, { color: context.colour })}\n`);
  }
  const all = checked.flatMap((one) => one.diagnostics);
  const errors = all.filter((one) => one.severity === 'error').length;
  const tone = errors > 0 ? paint(context.colour).red : paint(context.colour).green;
  const scenarios = checked.length - playbooks;
  context.out(`${tone(`${errors} errors, ${all.length - errors} warnings`)} in ${playbooks} playbooks and ${scenarios} scenarios\n`);
}
