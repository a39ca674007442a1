// One call of `cordon`: arguments in, exit code out. Never throws, never ends the process: main.ts does.
import { Command, CommanderError } from 'commander';
import { type Action, CliError, EXIT, type ExitCode, type Handler, type Io } from './command.ts';
import { COMMANDS, type CommandRow } from './commands.ts';
import { jsonText, paint, safeText } from './output.ts';

const EPILOGUE = `
Exit codes: 0 yes, 1 no (findings, denied, failed), 2 wrong use, 3 not reachable.
Environment: CORDON_URL and CORDON_TOKEN address another server, NO_COLOR switches colour off.`;

export async function runCli(args: readonly string[], io: Io, rows: readonly CommandRow[] = COMMANDS): Promise<ExitCode> {
  const json = args.includes('--json');
  try {
    let code: ExitCode = EXIT.yes;
    const action: Action =
      <A extends unknown[]>(handler: Handler<A>) =>
      async (...given: unknown[]) => {
        // Commander gives the declared arguments, the options and, last, the command itself. Their types are known to the command's file alone.
        code = await handler({ ...io, json }, ...(given.slice(0, -1) as A));
      };
    const wanted = rows.filter((row) => row.name === args[0]);
    const program = await loadProgram(io, wanted.length > 0 ? wanted : rows, action);
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    return report(error, io, json);
  }
}

/** The program with these commands; without an action, for who only reads what they say of themselves. */
export async function loadProgram(
  io: Io,
  rows: readonly CommandRow[] = COMMANDS,
  action: Action = () => async () => undefined,
): Promise<Command> {
  const program = newProgram(io);
  for (const row of rows) (await row.load())(program, action);
  for (const command of program.commands) inherit(command, program);
  return program;
}

function newProgram(io: Io): Command {
  return new Command('cordon')
    .description('Answers security alerts with playbooks: tested, approved, verified and undoable.')
    .option('--json', 'print one JSON value, for scripts')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: io.out,
      writeErr: io.err,
      getOutHasColors: () => io.colour,
      getErrHasColors: () => io.colour,
      getOutHelpWidth: () => io.columns,
      getErrHelpWidth: () => io.columns,
    })
    .showSuggestionAfterError()
    .showHelpAfterError('(cordon --help says what there is)')
    .addHelpText('after', EPILOGUE)
    .exitOverride();
}

function inherit(command: Command, from: Command): void {
  command.copyInheritedSettings(from);
  for (const inner of command.commands) inherit(inner, command);
}

function report(error: unknown, io: Io, json: boolean): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.yes : EXIT.wrongUse; // commander has printed it
  if (!(error instanceof CliError)) {
    io.err(`cordon: this is a bug in Cordon: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return EXIT.no;
  }
  if (json) io.out(jsonText({ error: { code: error.code, message: error.message, ...(error.hint ? { hint: error.hint } : {}) } }));
  else
    io.err(
      `${paint(io.colour).red('error')} ${error.code}: ${safeText(error.message)}\n${error.hint ? `  ${safeText(error.hint)}\n` : ''}`,
    );
  return error.exit;
}
