// Is a playbook file gone? A copy, a checkout or a mount takes it away for a moment, and the alerts of that moment would be decided without it for good.
import { missingFiles, supersedeGone } from '../store/playbook-versions.ts';
import type { Store } from '../store/store.ts';
import type { DispatchLog } from './deps.ts';

/** Missing at one look and at another this much later, ms. */
export const GONE_AFTER_MS = 5_000;

export interface GoneDeps {
  readonly folder: string;
  readonly store: Store;
  readonly log: DispatchLog;
}

export interface GoneFiles {
  /** What was ended, and whether files are missing that another look has to ask about again. */
  look(presentPaths: readonly string[], nowMs: number): Promise<{ readonly ended: readonly string[]; readonly again: boolean }>;
}

export function goneFiles(deps: GoneDeps): GoneFiles {
  let since = new Map<string, number>();
  let isEmpty = false;
  return {
    async look(presentPaths, nowMs) {
      const missing = await missingFiles(deps.store.db, presentPaths);
      // A folder with no playbook at all is a mount that failed, or has yet to be filled.
      const wasEmpty = isEmpty;
      isEmpty = presentPaths.length === 0 && missing.length > 0;
      if (isEmpty) {
        since = new Map();
        if (!wasEmpty)
          deps.log.error({ folder: deps.folder, files: missing }, 'the playbook folder is empty: what is published stays in force');
        return { ended: [], again: false };
      }
      since = new Map(missing.map((path) => [path, since.get(path) ?? nowMs]));
      const gone = missing.filter((path) => nowMs - (since.get(path) ?? nowMs) >= GONE_AFTER_MS);
      const ended = gone.length === 0 ? [] : await supersedeGone(deps.store.db, gone);
      if (ended.length > 0) deps.log.warn({ playbooks: ended }, 'playbook files are gone: their playbooks start nothing more');
      return { ended, again: missing.length > gone.length };
    },
  };
}
