// cordon fmt: one layout for playbooks and their scenarios. Comments and values stay; only files that differ are written.
import { formatDiagnostics } from '../../language/format-diagnostics.ts';
import { layOut } from '../../language/layout/layout.ts';
import { type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { jsonText, safeText } from '../output.ts';
import { findPlaybooks, type TextFile } from '../playbook-files.ts';
import { writeOut } from '../write-out.ts';

interface Options {
  readonly check?: boolean;
}

interface Laid extends TextFile {
  /** Absent: not YAML, `faults` says why. */
  readonly made?: string;
  readonly faults: string;
  readonly untouched?: true;
}

export const fmt: Register = (program, action) => {
  program
    .command('fmt')
    .summary('lay playbooks out in one way')
    .description(
      'Gives playbooks and their scenarios one layout: the keys of a step in the order of the language, lists and maps two blanks further in, no blanks at line ends. Comments stay with what they speak of, and no value changes. Exits with 1 where a file is no YAML and, with --check, where one is not laid out so.',
    )
    .argument('[paths...]', 'playbook files, or folders of playbooks', ['playbooks'])
    .option('--check', 'write nothing; say which files would change')
    .addHelpText('after', '\nExamples:\n  $ cordon fmt\n  $ cordon fmt --check playbooks/malware-on-host')
    .action(action((context: Context, paths: readonly string[], options: Options) => run(context, paths, options)));
};

function run(context: Context, paths: readonly string[], { check = false }: Options): ExitCode {
  const files = findPlaybooks(paths, context.cwd).flatMap(({ playbook, scenarios }) => [playbook, ...scenarios]);
  const laid = files.map((file) => lay(context, file));
  const changed = laid.filter((one) => one.made !== undefined && one.made !== one.text);
  const broken = laid.filter((one) => one.made === undefined);
  if (!check) for (const { file, made } of changed) writeOut(context, file, made ?? '');
  for (const { faults } of broken) context.err(faults);
  const untouched = laid.filter((one) => one.untouched === true);
  if (context.json) {
    const names = (list: readonly Laid[]) => list.map((one) => one.file);
    context.out(
      jsonText({
        ok: broken.length + (check ? changed.length : 0) === 0,
        changed: names(changed),
        broken: names(broken),
        untouched: names(untouched),
        files: files.length,
      }),
    );
  } else {
    for (const { file } of changed) context.out(`${check ? 'would change' : 'changed'} ${safeText(file)}\n`);
    for (const { file } of untouched)
      context.out(`left as it is: ${safeText(file)} (it holds a form of YAML that cannot be moved without changing it)\n`);
    context.out(
      `${changed.length} of ${files.length} files ${check ? 'would change' : 'changed'}${broken.length > 0 ? `, ${broken.length} could not be read` : ''}\n`,
    );
  }
  return broken.length > 0 || (check && changed.length > 0) ? EXIT.no : EXIT.yes;
}

function lay(context: Context, { file, text }: TextFile): Laid {
  const layout = layOut(text, file);
  if (layout.ok) return { file, text, made: layout.text, faults: '', ...(layout.untouched ? { untouched: true } : {}) };
  return { file, text, faults: formatDiagnostics(layout.diagnostics, text, { color: context.colour }) };
}
