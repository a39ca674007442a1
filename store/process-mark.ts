// Tells one process from another that got its pid later.
import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { codeOf } from './errors.ts';

export interface ProcessMark {
  readonly pid: number;
  /** When it started, in the system's own words; only compared for being equal. '' where the system does not tell. */
  readonly startedAt: string;
  /** Where pids are comparable: this boot of this machine, this pid namespace. */
  readonly place: string;
  readonly host: string;
}

export function thisProcess(): ProcessMark {
  return { pid: process.pid, startedAt: startOf(process.pid) ?? '', place: thisPlace(), host: hostname() };
}

/** Is the process that made the mark still running? Only to be asked for marks of this place. */
export function isSameProcess(mark: ProcessMark): boolean {
  if (!isAlive(mark.pid)) return false;
  const startedAt = startOf(mark.pid);
  return startedAt === undefined || mark.startedAt === '' || startedAt === mark.startedAt;
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM'; // alive, and somebody else's
  }
}

function startOf(pid: number): string | undefined {
  if (process.platform === 'linux') return startOnLinux(pid);
  if (process.platform === 'win32') return undefined;
  try {
    const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', timeout: 2_000, env: { LC_ALL: 'C' } });
    return text.trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Field 22 of /proc/<pid>/stat, in ticks since boot. The name in field 2 may hold anything, so it is counted from its last ')'. */
function startOnLinux(pid: number): string | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields?.[0] === 'Z') return 'ended'; // killed, and not yet collected by its parent
  return fields?.[19];
}

function thisPlace(): string {
  const boot = readText('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
  return `${hostname()} ${boot} ${pidNamespace()}`;
}

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
