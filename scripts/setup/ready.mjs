// The set-up that npm start, npm test and npm run check share: Node's version, packages, and dist/ where it is wanted.
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './build.mjs';
import { checkNode, ensureInstalled } from './install.mjs';
import { LOCK_FILE, withSetupLock } from './lock.mjs';

/** Goes to the project's root and makes it ready. Throws SetupError. */
export async function makeReady({ build }) {
  process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
  checkNode();
  await withSetupLock(
    (pid) => console.log(`  … waiting for another set-up in this folder (process ${pid}; if there is none, delete ${LOCK_FILE})`),
    async () => {
      await ensureInstalled();
      if (build) await ensureBuilt();
    },
  );
}
