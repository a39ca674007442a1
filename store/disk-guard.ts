// Turns the embedded store read-only while the disk is nearly full. PostgreSQL ends with a PANIC when it cannot write its log, and PGlite
// never answers again after that; a refused write instead is an error like another, reading goes on, and nothing needs repair.
import { statfsSync } from 'node:fs';

/** Room for a few segments of the write-ahead log (16 MB each) and for what is under way. */
const LEAST_FREE_BYTES = 64 * 1024 * 1024;
const CHECK_EVERY_MS = 250;

export type FreeBytes = (folder: string) => number;

export interface DiskGuard {
  /** Looks at the disk if it has not lately, and tells the session when the answer has changed. */
  check(run: (statement: string) => Promise<unknown>): Promise<void>;
  isFull(): boolean;
}

export function guardDisk(folder: string, freeBytes: FreeBytes = freeOn, now: () => number = () => performance.now()): DiskGuard {
  let full = false;
  let checkedAt = Number.NEGATIVE_INFINITY;
  return {
    async check(run) {
      if (now() - checkedAt < CHECK_EVERY_MS) return;
      checkedAt = now();
      const fullNow = freeBytes(folder) < LEAST_FREE_BYTES;
      if (fullNow === full) return;
      await run(`set default_transaction_read_only = ${fullNow ? 'on' : 'off'}`);
      full = fullNow;
    },
    isFull: () => full,
  };
}

function freeOn(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY; // a file system that does not tell
  }
}
