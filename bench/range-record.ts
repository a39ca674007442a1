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

/** A product that nobody asks for this long is not waited for any longer. */
const SILENCE_MS = 20_000;

/** All lines until `count` of them have the effect. Throws when the range falls silent before. */
export async function until(reader: RecordReader, effect: string, count: number): Promise<RangeLine[]> {
  const lines: RangeLine[] = [];
  let seen = 0;
  let heardAt = performance.now();
  for (; seen < count; await sleep(25)) {
    const fresh = reader.next();
    seen += fresh.filter((line) => line.effect === effect).length;
    lines.push(...fresh);
    if (fresh.length > 0) heardAt = performance.now();
    else if (performance.now() - heardAt > SILENCE_MS) throw new Error(`${count - seen} of ${count} runs never came to "${effect}"`);
  }
  return lines;
}
