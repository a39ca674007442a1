// cordon graph: a playbook as a picture.
import { extname } from 'node:path';
import { Option } from 'commander';
import { own } from '../../language/own.ts';
import { mermaidOf } from '../../language/picture/mermaid.ts';
import { svgOf } from '../../language/picture/svg.ts';
import { CliError, type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { loadPlan } from '../load-plan.ts';
import { jsonText } from '../output.ts';
import { writeOut } from '../write-out.ts';

interface Options {
  readonly format?: 'svg' | 'mermaid';
  readonly out?: string;
}

type Format = NonNullable<Options['format']>;

const FORMATS = { svg: svgOf, mermaid: mermaidOf };
/** What the ending of a file's name says about its format. */
const ENDINGS: Readonly<Record<string, Format>> = { '.svg': 'svg', '.mmd': 'mermaid', '.mermaid': 'mermaid' };

export const graph: Register = (program, action) => {
  program
    .command('graph')
    .summary('draw a playbook')
    .description(
      'Draws a playbook in plain words: what is done in which order, where people are asked, where it branches, repeats, undoes and ends. SVG follows light and dark; Mermaid is drawn by many wikis and code hosts.',
    )
    .argument('<playbook>', 'a playbook file or its folder')
    .addOption(
      new Option('-f, --format <format>', 'how it is drawn; default: by the ending of --out; mermaid where it is printed').choices([
        'svg',
        'mermaid',
      ]),
    )
    .option('-o, --out <file>', `write it to a file instead of printing it: ${Object.keys(ENDINGS).join(', ')}`)
    .addHelpText(
      'after',
      '\nExamples:\n  $ cordon graph playbooks/malware-on-host --out malware.svg\n  $ cordon graph playbooks/malware-on-host --format mermaid',
    )
    .action(action((context: Context, path: string, options: Options) => run(context, path, options)));
};

function run(context: Context, path: string, { format, out }: Options): ExitCode {
  const chosen = format ?? (out === undefined ? 'mermaid' : formatOf(out));
  const { plan } = loadPlan(context, path);
  const text = FORMATS[chosen](plan);
  if (out === undefined) context.out(context.json ? jsonText({ playbook: plan.playbook, format: chosen, text }) : text);
  else {
    writeOut(context, out, text);
    context.out(context.json ? jsonText({ playbook: plan.playbook, format: chosen, file: out }) : `wrote ${out}\n`);
  }
  return EXIT.yes;
}

function formatOf(file: string): Format {
  const known = own(ENDINGS, extname(file).toLowerCase());
  if (known) return known;
  const hint = `end it with ${Object.keys(ENDINGS).join(', ')}, or say --format svg or --format mermaid`;
  throw new CliError(EXIT.wrongUse, 'FORMAT_UNKNOWN', `${file} does not say how the playbook is to be drawn`, hint);
}
