// cordon validate: are these playbooks and their scenarios right? Nothing is run.
import { resolve } from 'node:path';
import { isClean } from '../../language/diagnostics.ts';
import { formatDiagnostics } from '../../language/format-diagnostics.ts';
import { readPolicy } from '../../language/policy/read-policy.ts';
import { type CheckedFile, checkFiles } from '../check-files.ts';
import { type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { counted } from '../counted.ts';
import { jsonText, paint, safeText } from '../output.ts';
import { findPlaybooks, readTextFile } from '../playbook-files.ts';
import { policyFor } from '../policy-ground.ts';
import { policyKnowledge } from '../policy-knowledge.ts';

export const validate: Register = (program, action) => {
  program
    .command('validate')
    .summary('check playbooks and their scenarios')
    .description('Checks playbooks and their scenarios without running anything. Every fault is shown with its file, line and column.')
    .argument('[paths...]', 'playbook files, or folders of playbooks', ['playbooks'])
    .option(
      '--policy <file>',
      'also check them against this policy: effects that it asks people for or denies always; default: the one that cordon.yaml names',
    )
    .option('--no-policy', 'check them against no policy, though cordon.yaml names one')
    .addHelpText(
      'after',
      '\nExamples:\n  $ cordon validate\n  $ cordon validate playbooks/malware-on-host\n  $ cordon validate --policy policy.yaml\n  $ cordon validate --json | jq .diagnostics',
    )
    .action(action((context: Context, paths: readonly string[], options: Options) => run(context, paths, options)));
};

/** Playbooks between two words of how far it is. */
const TOLD_EVERY = 20;

interface Options {
  /** False: `--no-policy`. */
  readonly policy?: string | boolean;
}

async function run(context: Context, paths: readonly string[], options: Options): Promise<ExitCode> {
  const named = policyFor(context.cwd, options.policy);
  const policy = named === undefined ? undefined : readTextFile(resolve(context.cwd, named), context.cwd);
  const read = policy && readPolicy(policy.text, policy.file, policyKnowledge);
  const found = findPlaybooks(paths, context.cwd);
  const checked = [
    ...(policy && read ? [{ ...policy, diagnostics: read.diagnostics }] : []),
    ...found.flatMap((one, index) => {
      if (index % TOLD_EVERY === 0) context.progress(`checked ${index} of ${found.length} playbooks`);
      return checkFiles(one, read?.policy?.rules);
    }),
  ];
  context.progress('');
  const diagnostics = checked.flatMap((one) => one.diagnostics);
  const ok = isClean(diagnostics);
  const files = checked.length - (policy ? 1 : 0);
  if (context.json) context.out(jsonText({ ok, policy: policy?.file ?? null, playbooks: found.length, files, diagnostics }));
  else print(context, checked, { playbooks: found.length, scenarios: files - found.length, policy: policy?.file });
  return ok ? EXIT.yes : EXIT.no;
}

interface Count {
  readonly playbooks: number;
  readonly scenarios: number;
  readonly policy: string | undefined;
}

function print(context: Context, checked: readonly CheckedFile[], count: Count): void {
  for (const { diagnostics, text } of checked) {
    if (diagnostics.length > 0) context.out(`${formatDiagnostics(diagnostics, text, { color: context.colour })}\n`);
  }
  const all = checked.flatMap((one) => one.diagnostics);
  const errors = all.filter((one) => one.severity === 'error').length;
  const tone = errors > 0 ? paint(context.colour).red : paint(context.colour).green;
  const by = count.policy === undefined ? '' : `, by the policy ${safeText(count.policy)}`;
  context.out(
    `${tone(`${counted(errors, 'error')}, ${counted(all.length - errors, 'warning')}`)} in ${counted(count.playbooks, 'playbook')} and ${counted(count.scenarios, 'scenario')}${by}\n`,
  );
}
