// The practice range's own record: what happened at the products, and when, said by neither side.
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export interface RangeLine {
  /** ISO 8601. */
  readonly at: string;
  readonly effect: string | null;
  readonly target: string | null;
}

export interface RecordReader {
  /** Lines since the last call. */
  readonly next: () => RangeLine[];
}

/** Begins at the end of what is there now. */
export function readFromNow(path: string): RecordReader {
  let at = statSync(path).size;
  let rest = '';
  return {
    next: () => {
      const bytes = Buffer.alloc(statSync(path).size - at);
      const file = openSync(path, 'r');
      readSync(file, bytes, 0, bytes.length, at);
      closeSync(file);
      at += bytes.length;
      const lines = (rest + bytes.toString('utf8')).split('\n');
      rest = lines.pop() ?? '';
      return lines.map((line) => JSON.parse(line) as RangeLine); // the range writes nothing else
    },
  };
}

/** All lines until `count` of them have the effect. Throws when that takes longer than `withinMs`. */
export async function until(reader: RecordReader, effect: string, count: number, withinMs: number): Promise<RangeLine[]> {
  const lines: RangeLine[] = [];
  let seen = 0;
  for (const end = performance.now() + withinMs; seen < count; await sleep(25)) {
    if (performance.now() > end) throw new Error(`only ${seen} of ${count} runs came to "${effect}" within ${withinMs / 1000} s`);
    const fresh = reader.next();
    seen += fresh.filter((line) => line.effect === effect).length;
    lines.push(...fresh);
  }
  return lines;
}
