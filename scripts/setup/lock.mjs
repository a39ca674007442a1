// Two set-ups at once in one checkout (npm start and npm test in two terminals): the second waits for the first.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export const LOCK_FILE = 'reports/setup.lock';

/** Runs `work` while holding the checkout's set-up lock. A lock of a process that is gone is taken over. */
export async function withSetupLock(waiting, work) {
  mkdirSync('reports', { recursive: true });
  for (let first = true; ; first = false) {
    try {
      writeFileSync(LOCK_FILE, markOf(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const { mark, holder } = heldBy();
    if (holder === undefined) takeAway(mark);
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

/** What is in the file, and the process that holds it; undefined: none that lives. */
function heldBy() {
  let mark = '';
  try {
    mark = readFileSync(LOCK_FILE, 'utf8');
    const pid = Number(mark.split(' ')[0]);
    // Our own number in it is another's of before: in a container every first process has the same. So is that of a process that began at another time.
    if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return { mark };
    process.kill(pid, 0);
    return mark.includes(' ') && mark !== markOf(pid) ? { mark } : { mark, holder: pid };
  } catch (error) {
    // EPERM: it lives, under another user.
    return error.code === 'EPERM' ? { mark, holder: -1 } : { mark };
  }
}

/** Two may find the same dead holder: who comes second must not take the first one's new lock away. */
function takeAway(mark) {
  const aside = `${LOCK_FILE}.${process.pid}`;
  try {
    renameSync(LOCK_FILE, aside);
    if (readFileSync(aside, 'utf8') === mark) rmSync(aside, { force: true });
    else renameSync(aside, LOCK_FILE);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}

/** Its id, and where the system tells it, when it began: ids are used again. */
function markOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Field 22, in ticks since the system's start; field 2 may hold anything, so it is counted from its last ')'.
    return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return String(pid);
  }
}
