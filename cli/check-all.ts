// Many playbooks are checked on several threads: a folder of 500 is to take less than two seconds. Few are checked right here.
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setImmediate as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Rule } from '../policy/policy.ts';
import { type CheckedFile, checkFiles } from './check-files.ts';
import type { ThreadQuestion } from './check-thread.ts';
import type { PlaybookFiles } from './playbook-files.ts';

/** Below this a second thread costs more than it saves (its start is some 300 ms of work). */
const MANY = 100;
/** This one and those beside it; more gain little, since each reads all modules anew. */
const MAX_THREADS = 4;
/** MiB. What a check leaves behind is short-lived; in the default's 16 a fifth of the time goes into collecting it. */
const YOUNG_GENERATION_MIB = 96;
/** Playbooks taken at a time. */
const BATCH = 20;
// Beside dist/cli only; where TypeScript is run as it is, one thread does it all.
const THREAD = new URL('./check-thread.js', import.meta.url);

/** In the order of `files`. `tell` hears now and then how many are done. */
export async function checkAll(
  files: readonly PlaybookFiles[],
  rules: readonly Rule[] | undefined,
  tell: (done: number) => void,
): Promise<readonly (readonly CheckedFile[])[]> {
  const found: (readonly CheckedFile[])[] = [];
  let taken = 0;
  let done = 0;
  const work = async (check: (batch: readonly PlaybookFiles[]) => Promise<readonly (readonly CheckedFile[])[]>) => {
    while (taken < files.length) {
      const from = taken;
      taken = Math.min(files.length, from + BATCH);
      const checked = await check(files.slice(from, taken));
      for (const [index, one] of checked.entries()) found[from + index] = one;
      done += checked.length;
      tell(done);
    }
  };
  const here = async (batch: readonly PlaybookFiles[]) => {
    await pause(); // lets the other thread's answers in
    return batch.map((one) => checkFiles(one, rules));
  };
  if (files.length < MANY || !existsSync(fileURLToPath(THREAD))) {
    await work(here);
    return found;
  }
  const beside = Math.max(1, Math.min(MAX_THREADS, availableParallelism()) - 1);
  const threads = Array.from(
    { length: beside },
    () => new Worker(THREAD, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MIB } }),
  );
  try {
    await Promise.all([work(here), ...threads.map((thread) => work((batch) => askThread(thread, { batch, rules })))]);
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
  return found;
}

async function askThread(thread: Worker, question: ThreadQuestion): Promise<readonly (readonly CheckedFile[])[]> {
  return await new Promise((resolve, reject) => {
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.postMessage(question);
  });
}
