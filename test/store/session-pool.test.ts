import type { PGlite } from '@electric-sql/pglite';
import { describe, expect, it } from '@jest/globals';
import { classifyStoreError } from '../../store/errors.ts';
import { openSessionPool } from '../../store/session-pool.ts';

/** Answers every statement with the same error, as PGlite does when it cannot write its log. It would never answer a second one. */
function panicking() {
  const fields = Buffer.from('SPANIC\0VPANIC\0C53100\0Mcould not write: No space left on device\0\0');
  const head = Buffer.from([0x45, 0, 0, 0, fields.length + 4]);
  let calls = 0;
  const execProtocolRawStream: PGlite['execProtocolRawStream'] = async (_bytes, { onRawData }) => {
    calls++;
    onRawData(new Uint8Array(Buffer.concat([head, fields])));
  };
  return { pglite: { execProtocolRawStream } as unknown as PGlite, calls: () => calls }; // the only member that is used
}

describe('a session that PostgreSQL has given up', () => {
  it('fails the statement with its reason and every later one at once, and is never asked again', async () => {
    const { pglite, calls } = panicking();
    const pool = await openSessionPool(pglite);
    const client = await pool.connect();
    const first = await client.query('insert into x values ($1)', [1]).catch((error: unknown) => error);
    expect(classifyStoreError(first)).toMatchObject({ code: 'STORE_FULL' });
    await expect(client.query('rollback', [])).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('Start Cordon again'),
    });
    client.release();
    expect(pool.broken()).toBe(first);
    await pool.end();
    expect(calls()).toBe(1);
  });
});
