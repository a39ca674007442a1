// The log: one JSON line each in cordon.log of the data folder. The terminal stays calm: it shows what people need, not what machines say.
import { join } from 'node:path';
import pino, { type Logger } from 'pino';
import { logFile } from './log-file.ts';

const MAX_BYTES = 20_000_000;

/** Names of members whose values must never be written, wherever they stand. */
const SECRET_MEMBERS = ['authorization', 'cookie', 'password', 'token', 'secret', 'apiKey'];

/** More than `maxBytes` (20 MB) are put aside as cordon.log.1, which replaces the one before. A disk that is full ends nothing: lines are lost, and counted. */
export function openLog(folder: string, level: string, maxBytes = MAX_BYTES): Logger {
  const paths = SECRET_MEMBERS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `req.headers.${name}`]);
  return pino(
    { level, timestamp: pino.stdTimeFunctions.isoTime, redact: { paths, censor: '[secret]' } },
    logFile(join(folder, 'cordon.log'), maxBytes),
  );
}
