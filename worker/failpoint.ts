// Crash points of the fault tests: CORDON_KILL_AT=point[:nth] kills this very process, as kill -9 would, when that point is reached for the nth time.
// CORDON_KILL_AT=file:<path> reads that from a file whenever a point is reached, so that one process can be armed while it runs.
import { readFileSync } from 'node:fs';
import { StartError } from './start-error.ts';

export type FailPoint = (point: string) => void;

const NOTHING: FailPoint = () => undefined;
const FILE = 'file:';

/** Does nothing unless it is asked for. Throws StartError when the setting cannot be read. Production mode refuses it before (config.ts). */
export function failpoint(killAt: string | undefined, kill: () => unknown = () => process.kill(process.pid, 'SIGKILL')): FailPoint {
  if (killAt === undefined) return NOTHING;
  if (killAt.startsWith(FILE)) return armedBy(killAt.slice(FILE.length), kill);
  const countDown = armed(killAt, kill);
  if (countDown === undefined)
    throw new StartError('CONFIG_INVALID', `CORDON_KILL_AT: "${killAt}" is not point[:nth].`, 'For example CORDON_KILL_AT=effect.before:2');
  return countDown;
}

function armed(killAt: string, kill: () => unknown): FailPoint | undefined {
  const parsed = /^([a-z][a-z0-9_.-]*)(?::([1-9][0-9]*))?$/i.exec(killAt);
  if (parsed === null) return undefined;
  const [, wanted, nth = '1'] = parsed;
  let left = Number(nth);
  return (point) => {
    if (point !== wanted) return;
    left -= 1;
    if (left === 0) kill();
  };
}

/** Counts anew whenever the file's text changes; a file that is not there, or says nothing that can be read, arms nothing. */
function armedBy(path: string, kill: () => unknown): FailPoint {
  let text = '';
  let countDown = NOTHING;
  return (point) => {
    const now = readText(path);
    if (now !== text) {
      text = now;
      countDown = armed(text, kill) ?? NOTHING;
    }
    countDown(point);
  };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}
