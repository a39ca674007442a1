// Two set-ups at once in one checkout (npm start and npm test in two terminals): the second waits for the first.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export const LOCK_FILE = 'reports/setup.lock';

/** Runs `work` while holding the checkout's set-up lock. A lock of a process that is gone is taken over. */
export async function withSetupLock(waiting, work) {
  mkdirSync('reports', { recursive: true });
  for (let first = true; ; first = false) {
    try {
      writeFileSync(LOCK_FILE, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = holderOf();
    if (holder === undefined) rmSync(LOCK_FILE, { force: true });
    else {
      if (first) waiting(holder);
      await sleep(300);
    }
  }
  const free = () => rmSync(LOCK_FILE, { force: true });
  process.once('exit', free);
  try {
    return await work();
  } finally {
    process.off('exit', free);
    free();
  }
}

function holderOf() {
  try {
    const pid = Number(readFileSync(LOCK_FILE, 'utf8'));
    // Our own number in it is another's of before: in a container every first process has the same.
    if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return undefined;
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    // EPERM: it lives, under another user.
    return error.code === 'EPERM' ? -1 : undefined;
  }
}
