// Command line of the benchmark.
import { parseArgs } from 'node:util';

export interface Options {
  /** Measured rounds of each side, after one warm-up round; 0: the profile alone. */
  readonly rounds: number;
  /** Runs in each round's burst; the practice range has 450 hosts that are on. */
  readonly runs: number;
  /** Alerts per second of the steady part. */
  readonly rate: number;
  /** Alerts of each round's steady part. */
  readonly steady: number;
  readonly json: boolean;
  readonly memory: boolean;
  readonly commands: boolean;
  readonly shares: boolean;
  readonly profile: boolean;
  /** The hand-written side starts its runs eagerly too. */
  readonly eager: boolean;
}

export const USAGE = `npm run bench -- [options]

  --rounds <n>   measured rounds of each side (default 5; 0: the profile alone)
  --runs <n>     runs in each burst, 10 to 450 (default 200)
  --rate <n>     alerts per second of the steady part (default 10)
  --steady <n>   alerts of the steady part, 10 to 450 (default 50)
  --eager        the hand-written side starts its runs eagerly too
  --no-profile   leave the profile out
  --memory       instead: memory of the one process after 2,000 and 4,000 runs
  --shares       instead: what policy, ledger and audit take of a run's time
  --commands     instead: what cordon test and cordon validate take
  --json         one JSON document instead of tables
`;

/** Throws an Error that says what is wrong. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '5' },
      runs: { type: 'string', default: '200' },
      rate: { type: 'string', default: '10' },
      steady: { type: 'string', default: '50' },
      eager: { type: 'boolean', default: false },
      'no-profile': { type: 'boolean', default: false },
      memory: { type: 'boolean', default: false },
      commands: { type: 'boolean', default: false },
      shares: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  return {
    rounds: whole('rounds', values.rounds, 0, 100),
    runs: whole('runs', values.runs, 10, 450),
    rate: whole('rate', values.rate, 1, 200),
    steady: whole('steady', values.steady, 10, 450),
    eager: values.eager,
    profile: !values['no-profile'],
    memory: values.memory,
    commands: values.commands,
    shares: values.shares,
    json: values.json,
  };
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`--${name}: a whole number from ${least} to ${most} is expected, not "${text}"`);
}
