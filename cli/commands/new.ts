// cordon new: a playbook of one's own, from a shipped use case.
import { join, relative, resolve } from 'node:path';
import { readPlaybook } from '../../language/parse.ts';
import { CliError, type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { copyUseCase } from '../copy-use-case.ts';
import { installationRoot } from '../installation.ts';
import { columns, jsonText, paint, safeText } from '../output.ts';
import { findPlaybooks, type PlaybookFiles } from '../playbook-files.ts';
import { runScenarios } from '../run-scenarios.ts';
import { asJson, playbookText } from '../test-report.ts';

interface Options {
  readonly from?: string;
  readonly into: string;
}

interface UseCase {
  readonly name: string;
  readonly title: string;
  readonly folder: string;
  readonly files: PlaybookFiles;
}

export const newPlaybook: Register = (program, action) => {
  program
    .command('new')
    .summary('make a playbook from a shipped use case')
    .description(
      'Copies a shipped playbook with its scenarios under a name of your own, checks it and runs its scenarios. Without a name: lists what is shipped. Nothing that exists is ever overwritten.',
    )
    .argument('[name]', 'how yours is called: small letters, digits and "-"')
    .option('--from <use-case>', 'the shipped playbook to begin with')
    .option('--into <folder>', 'the folder of your playbooks', 'playbooks')
    .addHelpText('after', '\nExamples:\n  $ cordon new\n  $ cordon new stolen-laptop --from malware-on-host --into my-playbooks')
    .action(action((context: Context, name: string | undefined, options: Options) => run(context, name, options)));
};

function run(context: Context, name: string | undefined, { from, into }: Options): ExitCode {
  const cases = shipped();
  if (name === undefined) return list(context, cases);
  const names = cases.map((one) => one.name).join(', ');
  if (from === undefined)
    throw new CliError(EXIT.wrongUse, 'FROM_MISSING', 'say what to begin with: --from <use-case>', `there are ${names}`);
  const chosen = cases.find((one) => one.name === from);
  if (!chosen) throw new CliError(EXIT.wrongUse, 'NO_USE_CASE', `there is no shipped playbook "${from}"`, `there are ${names}`);
  return make(context, chosen, name, into);
}

/** A shipped playbook that cannot be read would be our fault: the tests hold them all. */
function shipped(): readonly UseCase[] {
  const folder = join(installationRoot(), 'playbooks');
  return findPlaybooks([folder], folder).flatMap((files) => {
    const { plan } = readPlaybook(files.playbook.text, files.playbook.file);
    return plan ? [{ name: plan.playbook, title: plan.title, folder: join(folder, plan.playbook), files }] : [];
  });
}

function list(context: Context, cases: readonly UseCase[]): ExitCode {
  const rows = cases.map(({ name, title, files }) => ({ useCase: name, title, scenarios: files.scenarios.length }));
  if (context.json) context.out(jsonText({ useCases: rows }));
  else {
    const table = rows.map((row) => [row.useCase, String(row.scenarios), row.title]);
    context.out(columns([['USE CASE', 'SCENARIOS', 'TITLE'], ...table]));
    context.out('\nTo begin with one: cordon new <name> --from <use-case>; to read it first: cordon explain playbooks/<use-case>\n');
  }
  return EXIT.yes;
}

function make(context: Context, { name: from, folder: source, files }: UseCase, name: string, into: string): ExitCode {
  const folder = resolve(context.cwd, into, safeName(name));
  const schemas = join(installationRoot(), 'docs/reference');
  const written = copyUseCase(files, join(source, 'README.md'), { folder, name, schemas });
  const shown = relative(context.cwd, folder) || folder;
  const [own] = findPlaybooks([folder], context.cwd).map((one) => runScenarios(one));
  const ok = own?.plan !== undefined && own.scenarios.length > 0 && own.scenarios.every((one) => one.ok);
  if (context.json) {
    context.out(jsonText({ playbook: name, from, folder: shown, files: written, ok, test: own && asJson(own) }));
    return ok ? EXIT.yes : EXIT.no;
  }
  context.out(`${safeText(shown)}: ${written.length} files, from ${from}\n\n`);
  if (own) context.out(playbookText(own, { colour: paint(context.colour), color: context.colour, verbose: false }));
  context.out(`It starts on the same alerts as ${from} does: where both are published, both start. Change its triggers first, then:\n`);
  context.out(`  cordon test ${safeText(shown)} --watch\n  cordon playbooks publish ${safeText(join(shown, 'playbook.yaml'))}\n`);
  return ok ? EXIT.yes : EXIT.no;
}

/** The name becomes a folder: one part of a path, and never one that leads elsewhere. The language's own rule comes after. */
function safeName(name: string): string {
  if (/^[a-z0-9-]+$/.test(name)) return name;
  throw new CliError(EXIT.wrongUse, 'NAME_REFUSED', `a playbook cannot be called "${name}"`, 'use small letters, digits and "-"');
}
