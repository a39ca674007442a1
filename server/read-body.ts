// Reads a request's body as the bytes that were sent, bounded, whether or not it says its length.
import type { IncomingMessage } from 'node:http';
import { problem, tooMany } from './problems.ts';

/** Of one webhook's body. */
const MAX_BODY_BYTES = 1024 * 1024;
/** Of all bodies that are being read at one time: what unknown senders can make the process hold. */
const MAX_READING_BYTES = 64 * 1024 * 1024;

export interface BodyReader {
  read(stream: IncomingMessage): Promise<Buffer>;
}

export function bodyReader(): BodyReader {
  let reading = 0;
  const read = async (stream: IncomingMessage): Promise<Buffer> => {
    if (Number(stream.headers['content-length'] ?? 0) > MAX_BODY_BYTES)
      throw problem('TOO_LARGE', `at most ${MAX_BODY_BYTES} bytes`, CLOSE);
    const pieces: Buffer[] = [];
    let held = 0;
    try {
      // The socket must outlive an early end of the loop, or the answer is lost.
      for await (const piece of stream.iterator({ destroyOnReturn: false })) {
        // Without setEncoding a request's pieces are buffers.
        const bytes = piece as Buffer;
        held += bytes.length;
        reading += bytes.length;
        if (held > MAX_BODY_BYTES) throw problem('TOO_LARGE', `at most ${MAX_BODY_BYTES} bytes`, CLOSE);
        if (reading > MAX_READING_BYTES) throw tooMany('too many bodies are being read', 1);
        pieces.push(bytes);
      }
      return Buffer.concat(pieces, held);
    } finally {
      reading -= held;
    }
  };
  return { read };
}

/** The rest of the body is not read, so the connection cannot be used again. */
const CLOSE = { connection: 'close' };
