// Two set-ups at once in one checkout (npm start and npm test in two terminals): the second waits for the first.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const FILE = 'reports/setup.lock';

/** Runs `work` while holding the checkout's set-up lock. A lock of a process that is gone is taken over. */
export async function withSetupLock(waiting, work) {
  mkdirSync('reports', { recursive: true });
  for (let first = true; ; first = false) {
    try {
      writeFileSync(FILE, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = holderOf();
    if (holder === undefined) rmSync(FILE, { force: true });
    else {
      if (first) waiting(holder);
      await sleep(300);
    }
  }
  const free = () => rmSync(FILE, { force: true });
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
    const pid = Number(readFileSync(FILE, 'utf8'));
    if (!Number.isInteger(pid) || pid <= 0) return undefined;
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    // EPERM: it lives, under another user.
    return error.code === 'EPERM' ? -1 : undefined;
  }
}
