// The file of a backup: lines of JSON. The first says what it is, then come the rows as the database gave them, the last seals all lines before it by their hash.
// Rows stay text on their way: no number is rounded, no member of stored JSON changes its place.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { storeError } from './errors.ts';

export const BACKUP_FORMAT = 'cordon-backup/1';

export interface BackupHeader {
  readonly type: 'backup';
  readonly format: typeof BACKUP_FORMAT;
  readonly madeAt: string;
  readonly store: 'postgres' | 'pglite';
  /** Names of the migrations that the rows fit to. */
  readonly migrations: readonly string[];
  /** Where counters stand. Text: a bigint. */
  readonly sequences: Readonly<Record<string, string>>;
}

export interface BackupSeal {
  readonly type: 'seal';
  /** Lines before this one. */
  readonly lines: number;
  /** Over all of them with their line breaks, hex. */
  readonly sha256: string;
}

const MIDDLE = '","row":';
const START = '{"table":"';

/** Line breaks within stored JSON stand between its members only, where a blank means the same. */
export const rowLine = (table: string, row: string): string => `${START}${table}${MIDDLE}${row.replaceAll('\n', ' ')}}`;

export function readRowLine(line: string): { readonly table: string; readonly row: string } {
  const at = line.indexOf(MIDDLE);
  if (!line.startsWith(START) || at < 0 || !line.endsWith('}')) throw damaged('there is a line that is no row');
  return { table: line.slice(START.length, at), row: line.slice(at + MIDDLE.length, -1) };
}

/** Hashes lines as they are written or read. */
export function sealing(): { readonly add: (line: string) => void; readonly seal: () => BackupSeal } {
  const hash = createHash('sha256');
  let lines = 0;
  return {
    add: (line) => {
      hash.update(line).update('\n');
      lines += 1;
    },
    seal: () => ({ type: 'seal', lines, sha256: hash.digest('hex') }),
  };
}

/** The lines of a file. Split at line feeds alone: Node's readline splits at U+2028 too, which alerts may hold. */
export async function* fileLines(path: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(path, 'utf8')) {
    const parts = (rest + String(chunk)).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
  if (rest !== '') throw damaged('its last line is cut off');
}

/** Reads it to its end: the header, and that all is as it was written. Throws BACKUP_DAMAGED. */
export async function checkBackup(path: string): Promise<{ readonly header: BackupHeader; readonly seal: BackupSeal }> {
  const { add, seal } = sealing();
  let first: string | undefined;
  let last: string | undefined;
  for await (const line of fileLines(path)) {
    if (last !== undefined) add(last);
    first ??= line;
    last = line;
  }
  const header = first === undefined ? undefined : parse(first);
  // Its first line names the format: written by us, and the seal below says whether it was altered.
  if (!isRecord(header) || header.format !== BACKUP_FORMAT) throw damaged(`it is no backup of the format ${BACKUP_FORMAT}`);
  const made = seal();
  if (last !== JSON.stringify(made)) throw damaged('it is not as it was written: a line was altered, added or lost');
  return { header: header as unknown as BackupHeader, seal: made };
}

const damaged = (why: string): Error => storeError('BACKUP_DAMAGED', `The backup cannot be used: ${why}. Nothing was restored.`);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
