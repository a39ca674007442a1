// The range's own record of what it was asked and what that did: one NDJSON line for each request. It is also how the range
// remembers: state is the seed and every `after` since, so that one append is one commit and a kill loses nothing.
import {
  closeSync,
  createReadStream,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
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

type Write = (file: number, bytes: Buffer) => void;

/**
 * In `<folder>/record.ndjson`. `replay` gets what is there already; lines that a kill or a full disk has cut are removed.
 * `append` throws where the disk is full, and leaves no half line: what is not in the record has not happened.
 */
export function fileRecord(folder: string, replay: (line: RecordLine) => void, write: Write = writeFileSync): RangeRecord {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'record.ndjson');
  for (const line of wholeLines(path)) replay(line);
  const file = openSync(path, 'a+', 0o600);
  let size = fstatSync(file).size;
  return {
    // Synchronous on purpose: once answered, it is in the file, whatever kills this process.
    append: (line) => {
      const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
      try {
        write(file, bytes);
        size += bytes.length;
      } catch (error) {
        ftruncateSync(file, size);
        throw error;
      }
    },
    stream: () => createReadStream(path),
    close: () => closeSync(file),
  };
}

/** Of the file, which has no others afterwards. */
function wholeLines(path: string): readonly RecordLine[] {
  if (!existsSync(path)) return [];
  const texts = readFileSync(path, 'utf8').split('\n');
  const cut = texts.pop();
  const whole = texts.flatMap((text) => {
    const line = parsed(text);
    return line === undefined ? [] : [{ text, line }];
  });
  if (cut !== '' || whole.length < texts.length) {
    writeFileSync(`${path}.mended`, whole.map(({ text }) => `${text}\n`).join(''), { mode: 0o600 });
    renameSync(`${path}.mended`, path);
  }
  return whole.map(({ line }) => line);
}

function parsed(text: string): RecordLine | undefined {
  try {
    return JSON.parse(text) as RecordLine; // written by `append`
  } catch {
    return undefined;
  }
}
