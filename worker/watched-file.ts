// A file that people edit while Cordon runs (policy, inventory). The last good content stays in force while a bad one is there.
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { FileSeen } from '../store/noted-files.ts';

const LOOK_EVERY_MS = 2_000;

export interface WatchedFile<T> {
  readonly path: string;
  /** What is in force; looks at the file now and then. */
  readonly read: () => T;
  /** The text that this is, and the one that was refused since. */
  readonly seen: () => FileSeen;
}

/**
 * A change counts once two looks have found it the same: what is still being written may be half a policy, and that a valid one.
 * Throws at once when the file cannot be read or parsed; later faults go to `warn`, once for each change of the file.
 */
export function watchedFile<T>(
  path: string,
  parse: (text: string, path: string) => T,
  warn: (message: string) => void,
  nowMs: () => number,
): WatchedFile<T> {
  // Before it is read: what is written meanwhile is then a change.
  let taken = marks(path);
  const first = readFileSync(path, 'utf8');
  let value = parse(first, path);
  let seen: FileSeen = { digest: digestOf(first) };
  let found = taken;
  let lookedAt = nowMs();
  const look = (): void => {
    let text: string | undefined;
    try {
      text = readFileSync(path, 'utf8');
      value = parse(text, path);
      seen = { digest: digestOf(text) };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      warn(`${path} is not used, the last good one stays in force: ${reason}`);
      seen = { digest: seen.digest, refused: { ...(text === undefined ? {} : { digest: digestOf(text) }), reason } };
    }
  };
  return {
    path,
    read: () => {
      if (nowMs() - lookedAt < LOOK_EVERY_MS) return value;
      lookedAt = nowMs();
      const before = found;
      found = marks(path);
      if (found !== taken && found === before) {
        taken = found;
        look();
      }
      return value;
    },
    seen: () => seen,
  };
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Differs when the file may have changed; empty when it is not there. */
function marks(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? '' : `${stats.mtimeMs} ${stats.size} ${stats.ino}`;
}
