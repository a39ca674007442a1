// Says when something below some paths has changed. Editors write a file in several steps: what comes within a moment is one change.
import { type FSWatcher, statSync, watch } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Quiet for this long, ms: the change is over. */
const SETTLED_MS = 80;

/** Calls `onChange` until the signal aborts; resolves then. Rejects where a path cannot be watched. */
export async function watchPaths(paths: readonly string[], onChange: () => void, signal: AbortSignal): Promise<void> {
  const watchers: FSWatcher[] = [];
  let timer: NodeJS.Timeout | undefined;
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(onChange, SETTLED_MS);
  };
  try {
    await new Promise<void>((done, fail) => {
      signal.addEventListener('abort', () => done(), { once: true });
      if (signal.aborted) done();
      for (const folder of foldersOf(paths)) watchers.push(watch(folder, { recursive: true }, changed).on('error', fail));
    });
  } finally {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  }
}

/** A file's folder: editors replace files, and a watch on the old one would hear no more. A playbook's scenarios lie beside it. */
function foldersOf(paths: readonly string[]): ReadonlySet<string> {
  return new Set(paths.map((path) => (statSync(path).isDirectory() ? resolve(path) : dirname(resolve(path)))));
}
