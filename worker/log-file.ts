// The file that the log is written to. Whoever logs hears nothing of the disk: a full one must not end what is done for people.
import { closeSync, existsSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';

export interface LogFile {
  /** One line, with its end. Never throws. Synchronous: a crash loses no line. */
  readonly write: (line: string) => void;
}

/** A line that would make it larger than `maxBytes` puts it aside as `<path>.1` first, which replaces the one before. Throws when it cannot be opened. */
export function logFile(path: string, maxBytes: number, writeTo: (handle: number, bytes: Buffer) => number = writeSync): LogFile {
  let handle = openSync(path, 'a', 0o600);
  let size = fstatSync(handle).size;
  let lost = 0;
  let isCut = false;
  const renew = (): void => {
    // Also where it fails: then the old one goes on, and it is tried again that much later.
    size = 0;
    if (existsSync(path)) renameSync(path, `${path}.1`);
    const next = openSync(path, 'a', 0o600);
    closeSync(handle);
    handle = next;
  };
  const put = (line: string): void => {
    const bytes = Buffer.from(`${isCut ? '\n' : ''}${lost === 0 ? '' : sayLost(lost)}${line}`);
    const written = writeTo(handle, bytes);
    size += written;
    isCut = written < bytes.length;
    lost = isCut ? lost + 1 : 0;
  };
  return {
    write: (line) => {
      if (size > 0 && size + Buffer.byteLength(line) > maxBytes) quietly(renew);
      if (!quietly(() => put(line))) lost += 1;
    },
  };
}

/** As pino writes it, level warn. */
const sayLost = (lost: number): string =>
  `${JSON.stringify({ level: 40, time: new Date().toISOString(), lost, msg: `${lost} lines before this one could not be written` })}\n`;

function quietly(work: () => void): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}
