// cordon schema: the JSON Schema of playbooks, or of their scenarios, for editors.
import { playbookJsonSchema } from '../../language/json-schema.ts';
import { scenarioJsonSchema } from '../../language/scenario/json-schema.ts';
import { type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { jsonText } from '../output.ts';
import { writeOut } from '../write-out.ts';

interface Options {
  readonly out?: string;
  readonly scenarios?: boolean;
}

export const schema: Register = (program, action) => {
  program
    .command('schema')
    .summary('print the JSON Schema of playbooks or scenarios, for editors')
    .description(
      'Prints the JSON Schema of playbooks, or of their scenarios. Editors complete, explain and check the files with it: put "# yaml-language-server: $schema=<file>" in the first line of one, or name the schema in the settings of the editor.',
    )
    .option('--scenarios', 'of scenarios instead of playbooks')
    .option('-o, --out <file>', 'write it to a file instead of printing it')
    .addHelpText(
      'after',
      '\nExamples:\n  $ cordon schema --out playbook.schema.json\n  $ cordon schema --scenarios --out scenario.schema.json\n  $ cordon schema | jq .properties',
    )
    .action(action((context: Context, options: Options) => run(context, options)));
};

function run(context: Context, { out, scenarios }: Options): ExitCode {
  const text = `${JSON.stringify(scenarios ? scenarioJsonSchema() : playbookJsonSchema(), null, 2)}\n`;
  if (out === undefined) context.out(text);
  else {
    writeOut(context, out, text);
    context.out(context.json ? jsonText({ file: out }) : `wrote ${out}\n`);
  }
  return EXIT.yes;
}
