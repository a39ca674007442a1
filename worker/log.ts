// The log: one JSON line each in cordon.log of the data folder. The terminal stays calm: it shows what people need, not what machines say.
import { renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import pino, { type Logger } from 'pino';

const MAX_BYTES = 20_000_000;

/** Names of members whose values must never be written, wherever they stand. */
const SECRET_MEMBERS = ['authorization', 'cookie', 'password', 'token', 'secret', 'apiKey'];

/** A log of more than 20 MB is put aside as cordon.log.1, which replaces the one before. Synchronous: a crash loses no line. */
export function openLog(folder: string, level: string): Logger {
  const file = join(folder, 'cordon.log');
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > MAX_BYTES) renameSync(file, `${file}.1`);
  const paths = SECRET_MEMBERS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `req.headers.${name}`]);
  return pino(
    { level, timestamp: pino.stdTimeFunctions.isoTime, redact: { paths, censor: '[secret]' } },
    pino.destination({ dest: file, sync: true, mode: 0o600 }),
  );
}
