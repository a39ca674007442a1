// Memory of Cordon's one process: after 2,000 runs, after 4,000, and at each thousand between.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Usage } from './probe.ts';
import { burst } from './round.ts';
import { onGround } from './sides.ts';

export interface MemoryMark extends Usage {
  readonly runs: number;
}

const BATCH = 250;
const LAST = 4_000;
const MARK_EVERY = 500;
/** Runs have ended, answers are written: what is still held then is held. */
const REST_MS = 2_000;

export async function measureMemory(say: (line: string) => void): Promise<MemoryMark[]> {
  return await onGround({ eager: false, handWritten: false }, async (ground) => {
    const marks: MemoryMark[] = [];
    const [side] = ground.sides;
    if (side === undefined) throw new Error('nothing to measure');
    for (let runs = 0; runs <= LAST; runs += BATCH) {
      if (runs > 0) await burst(ground, side, BATCH);
      if (runs % MARK_EVERY !== 0) continue;
      await sleep(REST_MS);
      const mark = { runs, ...(await side.process.usage()) };
      marks.push(mark);
      say(`${String(runs).padStart(5)} runs  ${mark.rssMb.toFixed(0)} MB, of these ${mark.heapMb.toFixed(0)} MB JavaScript heap`);
    }
    return marks;
  });
}
