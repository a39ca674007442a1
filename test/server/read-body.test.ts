// Bodies of people we do not know: bounded together, and never so that a small one finds no room.
import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { expect, it } from '@jest/globals';
import { bodyReader } from '../../server/read-body.ts';

/** As far as the reader looks: a stream with headers. */
const request = (): PassThrough & IncomingMessage =>
  Object.assign(new PassThrough(), { headers: {} }) as unknown as PassThrough & IncomingMessage;
const turn = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));

it('the largest body that has not come to its end makes room for a small one', async () => {
  const reader = bodyReader(100);
  const strangers = [40, 55].map((bytes) => {
    const stream = request();
    const answer = reader.read(stream).then(
      () => 'read',
      (error: { readonly problem?: string }) => error.problem,
    );
    stream.write('x'.repeat(bytes));
    return { stream, answer };
  });
  await turn();
  const small = request();
  const read = reader.read(small);
  small.end('a signed alert');
  expect((await read).toString()).toBe('a signed alert');
  expect(await strangers[1]?.answer).toBe('TOO_MANY');
  strangers[0]?.stream.end('!');
  expect(await strangers[0]?.answer).toBe('read');
});

it('room is given back by whoever hangs up', async () => {
  const reader = bodyReader(100);
  for (let count = 0; count < 5; count++) {
    const stream = request();
    const read = reader.read(stream);
    stream.write('x'.repeat(60));
    await turn();
    stream.destroy();
    await expect(read).rejects.toThrow('hung up');
  }
  const last = request();
  const read = reader.read(last);
  last.end('x'.repeat(100));
  expect(await read).toHaveLength(100);
});
