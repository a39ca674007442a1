// Reads a request's body as the bytes that were sent, bounded, whether or not it says its length.
import type { IncomingMessage } from 'node:http';
import { type ProblemError, problem } from './problems.ts';

/** Of one webhook's body. */
const MAX_BODY_BYTES = 1024 * 1024;
/** Of all bodies that are being read at one time: what unknown senders can make the process hold. */
const MAX_READING_BYTES = 64 * 1024 * 1024;

export interface BodyReader {
  read(stream: IncomingMessage): Promise<Buffer>;
}

interface Unfinished {
  held: number;
  refuse(why: ProblemError): void;
}

export function bodyReader(maxReadingBytes: number = MAX_READING_BYTES): BodyReader {
  const unfinished = new Set<Unfinished>();
  let reading = 0;

  /** Who has sent most without coming to an end, and of those the first: a newcomer with a small alert finds room, whoever it is. */
  const makeRoom = (): void => {
    while (reading > maxReadingBytes) {
      const [first, ...others] = unfinished;
      if (!first) return;
      others
        .reduce((most, one) => (one.held > most.held ? one : most), first)
        .refuse(problem('TOO_MANY', 'too many bodies are being read', LATER));
    }
  };

  const read = (stream: IncomingMessage): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      const pieces: Buffer[] = [];
      const body: Unfinished = { held: 0, refuse: (why) => end(() => reject(why)) };
      const end = (answer: () => void): void => {
        if (!unfinished.delete(body)) return;
        reading -= body.held;
        stream.off('data', take).pause();
        answer();
      };
      const take = (bytes: Buffer): void => {
        pieces.push(bytes);
        body.held += bytes.length;
        reading += bytes.length;
        if (body.held > MAX_BODY_BYTES) body.refuse(tooLarge());
        makeRoom();
      };
      if (Number(stream.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return void reject(tooLarge());
      if (stream.destroyed) return void reject(hungUp());
      unfinished.add(body);
      stream.once('end', () => end(() => resolve(Buffer.concat(pieces, body.held))));
      stream.once('error', (error) => end(() => reject(error)));
      stream.once('close', () => end(() => reject(hungUp())));
      stream.on('data', take);
    });
  return { read };
}

/** The rest of the body is not read, so the connection cannot be used again. */
const CLOSE = { connection: 'close' };
const LATER = { ...CLOSE, 'retry-after': '1' };
const hungUp = (): Error => new Error('the sender hung up before the end of the body');
const tooLarge = (): ProblemError => problem('TOO_LARGE', `at most ${MAX_BODY_BYTES} bytes`, CLOSE);
