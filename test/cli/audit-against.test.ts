// What an export is kept for.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { goOnline } from './online.ts';

const { cordon, harness } = goOnline();

it('a copy kept elsewhere shows that the audit log was cut or written anew, though it verifies', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-kept-'));
  const file = join(folder, 'kept.ndjson');
  const verify = () => cordon(['audit', 'verify', '--against', file]);
  const { db } = harness().store;
  await cordon(['freeze', 'on', '--reason', 'x']);
  writeFileSync(file, (await cordon(['audit', 'export'])).out);
  await cordon(['freeze', 'off', '--reason', 'y']);
  expect(await verify()).toMatchObject({ code: 0, out: expect.stringMatching(/^intact: .*\nas in .*: all of its \d+ events/) });
  const { rows } = await sql<{ seq: string; stream: string }>`select stream, seq from audit_events where code = 'freeze.on'`.execute(db);
  const [{ seq, stream } = { seq: '', stream: '' }] = rows;
  await sql`truncate audit_checkpoints`.execute(db);
  await sql`delete from audit_events where stream = ${stream} and seq >= ${seq}`.execute(db);
  await sql`update audit_heads set seq = ${Number(seq) - 1}, anchored_seq = 0, hash = coalesce((select hash from audit_events where stream = ${stream}
    and seq = ${Number(seq) - 1}), hash) where stream = ${stream}`.execute(db);
  await sql`delete from audit_heads where seq = 0`.execute(db);
  const cut = await verify();
  expect(cut).toMatchObject({ code: 1, out: expect.stringMatching(/^intact: /) });
  expect(cut.out).toContain(`${stream} record ${seq} (line`);
  await cordon(['freeze', 'on', '--reason', 'something else']);
  expect((await verify()).out).toContain(`${stream} record ${seq} (line`);
  expect(JSON.parse((await cordon(['audit', 'verify', '--against', file, '--json'])).out)).toMatchObject({
    ok: false,
    against: { bad: { what: `${stream} record ${seq}` } },
  });
  writeFileSync(file, '{"type":"eve');
  expect(await verify()).toMatchObject({ code: 2, err: expect.stringContaining('line 1') });
  expect((await cordon(['audit', 'verify', '--against', join(folder, 'nothing')])).code).toBe(2);
  rmSync(folder, { recursive: true });
});
