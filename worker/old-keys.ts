// Keys that the store's content was made with are never made anew in silence: open runs could not go on, and the audit could not be verified.
import { existsSync } from 'node:fs';
import type { Store } from '../store/store.ts';
import { keyUse } from '../store/views/key-use.ts';
import { secretFile } from './secrets.ts';
import { StartError } from './start-error.ts';

/** Before anything asks for a key, which would make it. Throws StartError KEYS_MISSING. */
export async function wantOldKeys(db: Store['db'], folder: string): Promise<void> {
  const { signed, encrypted } = await keyUse(db);
  const lost = [
    ...(signed ? [{ file: secretFile(folder, 'audit-key'), use: 'the audit log in the store was signed with it' }] : []),
    ...(encrypted ? [{ file: secretFile(folder, 'payload-keys'), use: 'runs in the store were begun with them' }] : []),
  ].filter(({ file }) => !existsSync(file));
  if (lost.length === 0) return;
  throw new StartError(
    'KEYS_MISSING',
    `${lost.map(({ file, use }) => `${file} is not there, and ${use}.`).join(' ')}`,
    'Put secrets/ back from its copy, or name the right data folder with CORDON_DATA. Nothing was run. Where they are lost for good: docs/operations.md, "Lost keys".',
  );
}
