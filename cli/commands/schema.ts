// cordon schema: the JSON Schema of playbooks, for editors.
import { playbookJsonSchema } from '../../language/json-schema.ts';
import { type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { jsonText } from '../output.ts';
import { writeOut } from '../write-out.ts';

interface Options {
  readonly out?: string;
}

export const schema: Register = (program, action) => {
  program
    .command('schema')
    .summary('print the JSON Schema of playbooks, for editors')
    .description(
      'Prints the JSON Schema of playbooks. Editors complete, explain and check playbooks with it: put "# yaml-language-server: $schema=<file>" in the first line of a playbook, or name the file in the settings of the editor.',
    )
    .option('-o, --out <file>', 'write it to a file instead of printing it')
    .addHelpText('after', '\nExamples:\n  $ cordon schema --out playbook.schema.json\n  $ cordon schema | jq .properties')
    .action(action((context: Context, options: Options) => run(context, options)));
};

function run(context: Context, { out }: Options): ExitCode {
  const text = `${JSON.stringify(playbookJsonSchema(), null, 2)}\n`;
  if (out === undefined) context.out(text);
  else {
    writeOut(context, out, text);
    context.out(context.json ? jsonText({ file: out }) : `wrote ${out}\n`);
  }
  return EXIT.yes;
}
