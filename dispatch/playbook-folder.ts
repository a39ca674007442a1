// Publishes the playbooks of a folder and follows its changes. A bad file stops no good one and never replaces its own last good version.
import { type FSWatcher, watch as watchFolder } from 'node:fs';
import { GONE_AFTER_MS } from './gone-files.ts';
import { folderScan, type ScanDeps } from './playbook-scan.ts';
import { pump } from './pump.ts';

/** An editor saves in several steps; one look at the end of them is enough, ms. */
const DEBOUNCE_MS = 150;
/** Where the file system tells nothing (network folders, containers), ms. */
const POLL_MS = 2_000;

export interface PlaybookFolder extends ScanDeps {
  /** Follow changes (trial form); else the folder is read once, and again as long as something is missing, cannot be read or was not written down. */
  readonly watch: boolean;
  readonly pollMs?: number;
  /** Default: GONE_AFTER_MS. */
  readonly againMs?: number;
}

export interface WatchedPlaybooks {
  /** Looks again now; resolves when what was found is in the store. */
  rescan(): Promise<void>;
  stop(): Promise<void>;
}

/** Resolves after the first look. */
export async function watchPlaybooks(deps: PlaybookFolder): Promise<WatchedPlaybooks> {
  const scan = folderScan(deps);
  /** Of what the last look could not settle. */
  let second: NodeJS.Timeout | undefined;
  const lookAgain = () => {
    clearTimeout(second);
    second = setTimeout(scans.kick, deps.againMs ?? GONE_AFTER_MS);
  };
  const scans = pump(
    async () => {
      const again = await scan();
      clearTimeout(second);
      if (again) lookAgain();
      return false;
    },
    (error) => {
      deps.log.error(
        { err: error, folder: deps.folder },
        'the playbook folder could not be read; what is published stays; it is tried again',
      );
      lookAgain();
    },
  );
  const rescan = async () => {
    scans.kick();
    await scans.settled();
  };
  await rescan();
  const stopWatching = deps.watch ? follow(deps, scans.kick) : () => undefined;
  return {
    rescan,
    async stop() {
      stopWatching();
      await scans.stop();
      clearTimeout(second);
    },
  };
}

function follow(deps: PlaybookFolder, kick: () => void): () => void {
  let debounce: NodeJS.Timeout | undefined;
  const soon = () => {
    clearTimeout(debounce);
    debounce = setTimeout(kick, DEBOUNCE_MS);
  };
  const poll = setInterval(kick, deps.pollMs ?? POLL_MS);
  let watcher: FSWatcher | undefined;
  try {
    watcher = watchFolder(deps.folder, { recursive: true }, soon);
    watcher.on('error', (error) =>
      deps.log.warn({ err: error }, 'the playbook folder is no longer watched; it is looked at every few seconds'),
    );
  } catch (error) {
    deps.log.warn({ err: error }, 'the playbook folder cannot be watched; it is looked at every few seconds');
  }
  return () => {
    clearTimeout(debounce);
    clearInterval(poll);
    watcher?.close();
  };
}
