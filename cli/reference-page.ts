// docs/reference/cli.md, made from the commands themselves: what `--help` says of each.
import type { Command } from 'commander';
import type { Io } from './command.ts';
import { loadProgram } from './run-cli.ts';

/** Columns of a help text on the page. */
const COLUMNS = 100;

export async function cliPage(): Promise<string> {
  const program = await loadProgram(silent);
  const commands = program.commands.flatMap(leaves);
  const rows = commands.map((one) => `| [\`${nameOf(one)}\`](#${anchor(nameOf(one))}) | ${one.summary() || one.description()} |`);
  return `# The command line

Made from the commands by \`npm run docs\`; \`cordon <command> --help\` says the same. Every command takes \`--json\` and then prints one JSON value and nothing else; errors are
\`{ "error": { "code", "message", "hint" } }\`. Colour is left out where the output is no terminal, or \`NO_COLOR\` is set.

| exit code | means |
| --- | --- |
| 0 | yes: what was asked for is so, or was done |
| 1 | no: findings, denied, failed |
| 2 | wrong use: an option, a file or a name that cannot be |
| 3 | not reachable: the server does not answer |

| command | what it does |
| --- | --- |
${rows.join('\n')}

${commands.map(section).join('\n')}`;
}

const silent: Io = {
  out: () => undefined,
  err: () => undefined,
  env: {},
  cwd: '.',
  colour: false,
  columns: COLUMNS,
  progress: () => undefined,
  interrupted: () => AbortSignal.abort(),
};

const leaves = (command: Command): readonly Command[] => (command.commands.length === 0 ? [command] : command.commands.flatMap(leaves));

const nameOf = (command: Command): string =>
  command.parent?.parent ? `${nameOf(command.parent)} ${command.name()}` : `cordon ${command.name()}`;

const anchor = (name: string): string => name.replaceAll(' ', '-');

function section(command: Command): string {
  let text = '';
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
  });
  command.outputHelp();
  return `## ${nameOf(command)}\n\n\`\`\`\n${text.trimEnd()}\n\`\`\`\n`;
}
