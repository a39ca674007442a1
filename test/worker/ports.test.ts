import { createServer } from 'node:net';
import { expect, it } from '@jest/globals';
import { cannotListen } from '../../worker/api.ts';
import { whyNotFree } from '../../worker/ports.ts';

it('a port that is taken, and an address of somebody else, are told apart', async () => {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  expect(await whyNotFree(port)).toBe('EADDRINUSE');
  await new Promise((done) => server.close(done));
  expect(await whyNotFree(port, '203.0.113.7')).toBe('EADDRNOTAVAIL');
  expect(await whyNotFree(0)).toBeUndefined();
});

it('only what is taken is said to be in use', () => {
  expect(cannotListen(8080, '127.0.0.1', 'EADDRINUSE')).toMatchObject({ code: 'PORT_TAKEN', message: expect.stringContaining('in use') });
  for (const fault of ['EACCES', 'EADDRNOTAVAIL', 'EOTHER']) {
    const error = cannotListen(80, '127.0.0.1', fault);
    expect(error).toMatchObject({ code: 'PORT_REFUSED', message: expect.not.stringContaining('in use') });
  }
});
