// A file that people edit while Cordon runs (policy, inventory). The last good content stays in force while a bad one is there.
import { readFileSync, statSync } from 'node:fs';

const LOOK_EVERY_MS = 2_000;

/** Throws at once when the file cannot be read or parsed; later faults go to `warn`, once for each change of the file. */
export function watchedFile<T>(
  path: string,
  parse: (text: string, path: string) => T,
  warn: (message: string) => void,
  nowMs: () => number,
): () => T {
  let value = parse(readFileSync(path, 'utf8'), path);
  let seen = marks(path);
  let lookedAt = nowMs();
  return () => {
    if (nowMs() - lookedAt < LOOK_EVERY_MS) return value;
    lookedAt = nowMs();
    const now = marks(path);
    if (now === seen) return value;
    seen = now;
    try {
      value = parse(readFileSync(path, 'utf8'), path);
    } catch (error) {
      warn(`${path} is not used, the last good one stays in force: ${error instanceof Error ? error.message : String(error)}`);
    }
    return value;
  };
}

/** Differs when the file may have changed; empty when it is not there. */
function marks(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? '' : `${stats.mtimeMs} ${stats.size} ${stats.ino}`;
}
