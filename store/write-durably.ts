import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';

/** Replaces the file as a whole, readable by its owner only: after a power cut it is the old one or the new one, never half of either. */
export function writeDurably(path: string, text: string): void {
  const aside = `${path}.new`;
  const handle = openSync(aside, 'w', 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(aside, path);
}
