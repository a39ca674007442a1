// What the command line takes, as people wait for it: Node's start included. Printed, never asserted: a shared machine's seconds are nobody's.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { table } from './report.ts';
import { median } from './statistics.ts';

const ROUNDS = 5;
const PLAYBOOKS = 500;
const PROGRAM = resolve('scripts/cordon.mjs');

/** Median wall-clock and CPU milliseconds of each command, and the wall-clock as a multiple of Node's own start. */
export function measureCommands(say: (line: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-bench-'));
  try {
    writePlaybooks(folder);
    const nothing = measure(['-e', '0']);
    const rows = [
      ["Node's start alone", nothing],
      ['cordon test, the shipped pack', measure([PROGRAM, 'test', resolve('playbooks')])],
      [`cordon validate, ${PLAYBOOKS} playbooks that all differ`, measure([PROGRAM, 'validate', folder])],
    ] as const;
    say(
      table([
        ['command', 'wall, ms', 'CPU, ms', "of Node's start"],
        ...rows.map(([name, one]) => [name, one.wallMs.toFixed(0), one.cpuMs.toFixed(0), (one.wallMs / nothing.wallMs).toFixed(1)]),
      ]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Took {
  readonly wallMs: number;
  readonly cpuMs: number;
}

function measure(args: readonly string[]): Took {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const [began, used] = [performance.now(), childCpuMs()];
    execFileSync(process.execPath, args, { stdio: 'ignore' });
    return { wallMs: performance.now() - began, cpuMs: childCpuMs() - used };
  });
  return { wallMs: median(rounds.map((one) => one.wallMs)), cpuMs: median(rounds.map((one) => one.cpuMs)) };
}

/** Of the children that have ended, by Linux' own count; NaN elsewhere. */
function childCpuMs(): number {
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? [];
    // cutime and cstime, in hundredths of a second.
    return (Number(fields[13]) + Number(fields[14])) * 10;
  } catch {
    return Number.NaN;
  }
}

/** The shipped playbooks over and over, each as other text, so that no expression is met twice. */
function writePlaybooks(folder: string): void {
  const texts = readdirSync('playbooks').map((name) => readFileSync(join('playbooks', name, 'playbook.yaml'), 'utf8'));
  for (let index = 0; index < PLAYBOOKS; index += 1) {
    const own = join(folder, `playbook-${index}`);
    mkdirSync(own);
    const text = (texts[index % texts.length] ?? '').replace(/^playbook: .*/m, `playbook: playbook-${index}`);
    // Blanks before a dot mean nothing to an expression, but make it another text.
    const blanks = ' '.repeat(Math.floor(index / texts.length));
    writeFileSync(join(own, 'playbook.yaml'), text.replace(/\b(inputs|steps|alert|vars|run)\./g, `$1${blanks}.`));
  }
}
