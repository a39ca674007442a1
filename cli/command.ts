// The shape every command has: one file in commands/, one row in commands.ts. A command returns its exit code and prints through `Io` only.
import type { Command } from 'commander';

/** Others script against these. */
export const EXIT = { yes: 0, no: 1, wrongUse: 2, notReachable: 3 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Everything a command may touch of the process, so that tests run commands in-process. */
export interface Io {
  /** Results. */
  readonly out: (text: string) => void;
  /** Progress, warnings and errors. */
  readonly err: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** May escape sequences be written to `out`? */
  readonly colour: boolean;
  /** Width of the terminal; 100 where there is none. */
  readonly columns: number;
  /** One line that says how far a long work is, in place of the one before; '' takes it away. Shown on terminals only. */
  readonly progress: (line: string) => void;
  /** From the first call on Ctrl-C no longer ends the process, but aborts this: for what goes on until then. */
  readonly interrupted: () => AbortSignal;
  /** Asks for something that is not shown while it is typed; absent: nobody is at a terminal. */
  readonly askSecret?: (question: string) => Promise<string>;
  /** A question that Enter alone answers with no; absent: nobody is at a terminal. */
  readonly askYes?: (question: string) => Promise<boolean>;
  /** The first line of the input. */
  readonly readLine?: () => Promise<string>;
}

/** Adds one command (or a noun with its verbs) to the program. Every action is wrapped in `action`. */
export type Register = (program: Command, action: Action) => void;

export interface Context extends Io {
  /** `--json` was given: print one JSON value and nothing else to `out`. */
  readonly json: boolean;
}

/** Handlers get the positional arguments in order, then the options; what they return becomes the exit code. */
export type Handler<A extends unknown[]> = (context: Context, ...args: A) => Promise<ExitCode> | ExitCode;
export type Action = <A extends unknown[]>(handler: Handler<A>) => (...args: unknown[]) => Promise<void>;

/** Thrown by a command where it cannot go on: printed as one message (with `--json` as an object), exit code as given. */
export class CliError extends Error {
  readonly code: string;
  readonly exit: ExitCode;
  readonly hint: string | undefined;

  constructor(exit: ExitCode, code: string, message: string, hint?: string) {
    super(message);
    this.name = 'CliError';
    this.exit = exit;
    this.code = code;
    this.hint = hint;
  }
}
