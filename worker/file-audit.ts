// What people change in files that decide about safety is in the audit log as what they change elsewhere: compared at the start, and looked at while it runs.
import { type NotedFile, noteFile } from '../store/noted-files.ts';
import type { Store } from '../store/store.ts';
import type { WatchedFile } from './watched-file.ts';

/** Also where nothing runs that asks for them, ms. */
const LOOK_EVERY_MS = 2_000;

export type FileToNote = Omit<NotedFile, 'path'> & { readonly file: WatchedFile<unknown> };

export interface FileAuditOptions {
  readonly store: Store;
  readonly files: readonly FileToNote[];
  readonly warn: (message: string) => void;
  readonly now: () => Date;
}

export interface FileAudit {
  readonly look: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Resolves when what changed while nothing ran is noted: nothing is decided by a policy that is not in the log. */
export async function auditFiles({ store, files, warn, now }: FileAuditOptions): Promise<FileAudit> {
  const noted = new Map<string, unknown>();
  const look = async (): Promise<void> => {
    for (const { file, ...about } of files) {
      file.read();
      const seen = file.seen();
      if (noted.get(about.name) === seen) continue;
      await noteFile(store.db, { ...about, path: file.path }, seen, now());
      noted.set(about.name, seen);
    }
  };
  await look();
  let busy: Promise<void> = Promise.resolve();
  const failed = (error: unknown) => warn(`a changed file could not be noted in the audit log yet: ${String(error)}`);
  const timer = setInterval(() => {
    busy = busy.then(look).catch(failed);
  }, LOOK_EVERY_MS);
  timer.unref();
  return {
    look,
    stop: async () => {
      clearInterval(timer);
      await busy;
    },
  };
}
