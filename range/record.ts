// The range's own record of what it was asked and what that did: one NDJSON line for each request. It is also how the range
// remembers: state is the seed and every `after` since, so that one append is one commit and a kill loses nothing.
import { closeSync, createReadStream, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Json } from '../connectors/connector.ts';

export interface RecordLine {
  /** When the effect took place (for reads: when it was answered), ISO 8601. */
  readonly at: string;
  /** When it came, ISO 8601: only where a fault made it wait since. */
  readonly since?: string;
  readonly product: string;
  readonly method: string;
  readonly path: string;
  /** Our idempotency key, where it was sent. */
  readonly key: string | null;
  /** isolate, release, disable, enable, revoke, block, unblock, quarantine, restore, ticket, merge, comment, message; null for reads. */
  readonly effect: string | null;
  readonly target: string | null;
  /** The target's value. Equal where nothing changed: it was so already, or a fault kept it from happening. */
  readonly before: Json;
  readonly after: Json;
  /** What was answered; null where the answer was dropped. */
  readonly status: number | null;
}

export interface RangeRecord {
  readonly append: (line: RecordLine) => void;
  readonly stream: () => Readable;
  readonly close: () => void;
}

/** In memory. */
export function memoryRecord(): RangeRecord {
  const lines: string[] = [];
  return {
    append: (line) => void lines.push(`${JSON.stringify(line)}\n`),
    stream: () => Readable.from([lines.join('')]),
    close: () => undefined,
  };
}

/** In `<folder>/record.ndjson`. `replay` gets what is there already; a last line that a kill has cut is removed. */
export function fileRecord(folder: string, replay: (line: RecordLine) => void): RangeRecord {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'record.ndjson');
  const file = openSync(path, 'a+', 0o600);
  const text = readFileSync(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) ftruncateSync(file, Buffer.byteLength(whole));
  for (const line of whole.split('\n')) if (line !== '') replay(JSON.parse(line) as RecordLine); // written by `append`
  return {
    // Synchronous on purpose: once answered, it is in the file, whatever kills this process.
    append: (line) => void writeSync(file, `${JSON.stringify(line)}\n`),
    stream: () => createReadStream(path),
    close: () => closeSync(file),
  };
}
