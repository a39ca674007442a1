// cordon explain: a playbook in plain English, for who has to answer for it.
import { type Account, accountOf, type Point } from '../../language/words/account.ts';
import { type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { loadPlan } from '../load-plan.ts';
import { jsonText, type Paint, paint, safeText } from '../output.ts';

/** Columns of a line, as people read them. */
const WIDTH = 100;

export const explain: Register = (program, action) => {
  program
    .command('explain')
    .summary('say a playbook in plain English')
    .description(
      'Says what a playbook does, as a numbered account: when it starts, what is done in which order, who is asked and what silence means, what is held and how that ends, and what a failure does.',
    )
    .argument('<playbook>', 'a playbook file or its folder')
    .addHelpText('after', '\nExamples:\n  $ cordon explain playbooks/malware-on-host\n  $ cordon explain playbooks/malware-on-host --json')
    .action(action((context: Context, path: string) => run(context, path)));
};

function run(context: Context, path: string): ExitCode {
  const account = accountOf(loadPlan(context, path).plan);
  context.out(context.json ? jsonText(account) : accountText(account, paint(context.colour)));
  return EXIT.yes;
}

function accountText(account: Account, colour: Paint): string {
  const part = (title: string, items: readonly string[]) =>
    items.length === 0 ? '' : `\n${colour.bold(title)}\n${items.map((item) => wrapped(item, '- ', 2)).join('')}`;
  return [
    `${colour.bold(safeText(account.title))}  ${colour.dim(safeText(`${account.playbook}, owned by ${account.owner}`))}\n`,
    wrapped(account.description, '', 0),
    wrapped(account.summary, '', 0),
    part('It starts', account.starts),
    part('It needs', account.needs),
    `\n${colour.bold('What happens')}\n`,
    ...account.points.map((point) => pointText(point, 0, colour)),
    part('How it ends', account.ends),
  ].join('');
}

function pointText({ number, headline, sentences, lists }: Point, indent: number, colour: Paint): string {
  const head = wrapped(headline, `${number}. `, indent).trimEnd();
  const rest = sentences.length === 0 ? '' : colour.dim(wrapped(sentences.join(' '), '', indent + number.length + 2));
  const inner = lists
    .filter(({ points }) => points.length > 0)
    .map(({ label, points }) => {
      const title = label === '' ? '' : `${' '.repeat(indent + 2)}${colour.bold(`${label}:`)}\n`;
      return `${title}${points.map((point) => pointText(point, indent + 4, colour)).join('')}`;
    });
  return `${head}\n${rest}${inner.join('')}`;
}

/** One paragraph: the mark before its first line, the others below its text. */
function wrapped(text: string, mark: string, indent: number): string {
  const room = WIDTH - indent - mark.length;
  const lines: string[] = [];
  let line = '';
  for (const word of safeText(text.replace(/\s+/g, ' ').trim()).split(' ')) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines.map((one, index) => `${' '.repeat(indent)}${index === 0 ? mark : ' '.repeat(mark.length)}${one}\n`).join('');
}
