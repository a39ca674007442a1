// cordon graph: a playbook as a picture.
import { Option } from 'commander';
import { mermaidOf } from '../../language/picture/mermaid.ts';
import { svgOf } from '../../language/picture/svg.ts';
import { type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { loadPlan } from '../load-plan.ts';
import { jsonText } from '../output.ts';
import { writeOut } from '../write-out.ts';

interface Options {
  readonly format?: 'svg' | 'mermaid';
  readonly out?: string;
}

const FORMATS = { svg: svgOf, mermaid: mermaidOf };

export const graph: Register = (program, action) => {
  program
    .command('graph')
    .summary('draw a playbook')
    .description(
      'Draws a playbook in plain words: what is done in which order, where people are asked, where it branches, repeats, undoes and ends. SVG follows light and dark; Mermaid is drawn by many wikis and code hosts.',
    )
    .argument('<playbook>', 'a playbook file or its folder')
    .addOption(
      new Option('-f, --format <format>', 'how it is drawn; default: by the ending of --out, else mermaid').choices(['svg', 'mermaid']),
    )
    .option('-o, --out <file>', 'write it to a file instead of printing it')
    .addHelpText(
      'after',
      '\nExamples:\n  $ cordon graph playbooks/malware-on-host --out malware.svg\n  $ cordon graph playbooks/malware-on-host --format mermaid',
    )
    .action(action((context: Context, path: string, options: Options) => run(context, path, options)));
};

function run(context: Context, path: string, { format, out }: Options): ExitCode {
  const chosen = format ?? (out?.toLowerCase().endsWith('.svg') ? 'svg' : 'mermaid');
  const { plan } = loadPlan(context, path);
  const text = FORMATS[chosen](plan);
  if (out === undefined) context.out(context.json ? jsonText({ playbook: plan.playbook, format: chosen, text }) : text);
  else {
    writeOut(context, out, text);
    context.out(context.json ? jsonText({ playbook: plan.playbook, format: chosen, file: out }) : `wrote ${out}\n`);
  }
  return EXIT.yes;
}
