// Is the process with this id still the one that we knew? Ids are used again, so its start time and its command are compared too.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque; equal for the same process only. */
  readonly started: string;
  readonly command: string;
}

/** Undefined: no such process. Linux answers from /proc, other systems through ps. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return fromProc(pid) ?? fromPs(pid);
}

/** True while exactly that process lives. */
export function stillRuns(known: { readonly pid: number; readonly started: string }): boolean {
  return identityOf(known.pid)?.started === known.started;
}

function fromProc(pid: number): ProcessIdentity | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command's name stands in parentheses and may hold anything; the fields after it are counted from there.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z') return undefined;
    // Field 22 of the whole line: ticks since boot. With the boot's own id, so that a restart of the machine does not repeat it.
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
    return { pid, started: `${boot} ${fields[19]}`, command };
  } catch {
    return undefined;
  }
}

function fromPs(pid: number): ProcessIdentity | undefined {
  try {
    const ask = (field: string) =>
      execFileSync('ps', ['-o', `${field}=`, '-p', String(pid)], {
        encoding: 'utf8',
        env: { ...process.env, LC_ALL: 'C' },
        stdio: 'pipe',
      }).trim();
    const started = ask('lstart');
    return started === '' ? undefined : { pid, started, command: ask('command') };
  } catch {
    return undefined;
  }
}
