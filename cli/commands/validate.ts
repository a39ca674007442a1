// cordon validate: are these playbooks and their scenarios right? Nothing is run.
import { isClean } from '../../language/diagnostics.ts';
import { formatDiagnostics } from '../../language/format-diagnostics.ts';
import { checkAll } from '../check-all.ts';
import type { CheckedFile } from '../check-files.ts';
import { type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { jsonText, paint } from '../output.ts';
import { findPlaybooks } from '../playbook-files.ts';

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

async function run(context: Context, paths: readonly string[]): Promise<ExitCode> {
  const found = findPlaybooks(paths, context.cwd);
  const checked = (await checkAll(found, (done) => context.progress(`checked ${done} of ${found.length} playbooks`))).flat();
  context.progress('');
  const diagnostics = checked.flatMap((one) => one.diagnostics);
  const ok = isClean(diagnostics);
  if (context.json) context.out(jsonText({ ok, playbooks: found.length, files: checked.length, diagnostics }));
  else print(context, checked, found.length);
  return ok ? EXIT.yes : EXIT.no;
}

function print(context: Context, checked: readonly CheckedFile[], playbooks: number): void {
  for (const { diagnostics, text } of checked) {
    if (diagnostics.length > 0) context.out(`${formatDiagnostics(diagnostics, text, { color: context.colour })}\n`);
  }
  const all = checked.flatMap((one) => one.diagnostics);
  const errors = all.filter((one) => one.severity === 'error').length;
  const tone = errors > 0 ? paint(context.colour).red : paint(context.colour).green;
  const scenarios = checked.length - playbooks;
  context.out(`${tone(`${errors} errors, ${all.length - errors} warnings`)} in ${playbooks} playbooks and ${scenarios} scenarios\n`);
}
