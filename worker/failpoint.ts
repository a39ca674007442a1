// Crash points of the fault tests: CORDON_KILL_AT=point[:nth] kills this very process, as kill -9 would, when that point is reached for the nth time.
import { StartError } from './start-error.ts';

export type FailPoint = (point: string) => void;

/** Does nothing unless it is asked for. Throws StartError when the setting cannot be read. Production mode refuses it before (config.ts). */
export function failpoint(killAt: string | undefined, kill: () => unknown = () => process.kill(process.pid, 'SIGKILL')): FailPoint {
  if (killAt === undefined) return () => undefined;
  const parsed = /^([a-z][a-z0-9_.-]*)(?::([1-9][0-9]*))?$/i.exec(killAt);
  if (parsed === null)
    throw new StartError('CONFIG_INVALID', `CORDON_KILL_AT: "${killAt}" is not point[:nth].`, 'For example CORDON_KILL_AT=effect.sent:2');
  const [, wanted, nth = '1'] = parsed;
  let left = Number(nth);
  return (point) => {
    if (point !== wanted) return;
    left -= 1;
    if (left === 0) kill();
  };
}
