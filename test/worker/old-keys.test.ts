// A new key in the place of a lost one would look well, and make what the old one has closed unreadable for ever.
import { mkdtempSync, readdirSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { appendAudit } from '../../store/audit.ts';
import { checkpoint } from '../../store/checkpoint.ts';
import type { Store } from '../../store/store.ts';
import { wantOldKeys } from '../../worker/old-keys.ts';
import { auditKey, payloadKeyring } from '../../worker/secrets.ts';
import { openMemoryStore } from '../store/memory-store.ts';

let store: Store;
const folder = mkdtempSync(join(tmpdir(), 'cordon-old-keys-'));
const secrets = join(folder, 'secrets');
const check = () => wantOldKeys(store.db, folder);
const away = (name: string) => renameSync(join(secrets, name), join(folder, name));
const back = (name: string) => renameSync(join(folder, name), join(secrets, name));

beforeAll(async () => {
  store = await openMemoryStore();
});
afterAll(async () => {
  await store.close();
});

it('a store that knows of no key wants none, and makes none by being asked', async () => {
  await check();
  expect(readdirSync(folder)).toEqual([]);
});

it('one whose audit was signed stops the start without the audit key, until it is back', async () => {
  const key = auditKey(folder);
  await store.db
    .transaction()
    .execute((trx) => appendAudit(trx, 'admin', [{ at: new Date(), code: 'policy.changed', actor: 'cordon', body: {} }]));
  await checkpoint(store.db, key.sign, new Date());
  await check();
  away('audit-key');
  await expect(check()).rejects.toMatchObject({
    code: 'KEYS_MISSING',
    message: expect.stringContaining(join(secrets, 'audit-key')),
    advice: expect.stringMatching(/Put secrets\/ back.*CORDON_DATA/),
  });
  expect(readdirSync(secrets)).toEqual([]);
  back('audit-key');
  await check();
});

it('one whose runs Temporal knows stops the start without the payload keys', async () => {
  payloadKeyring(folder);
  away('payload-keys');
  await check();
  await sql`insert into incidents (id, title, severity_id) values ('inc_a', 'made up', 4)`.execute(store.db);
  const columns = sql`id, playbook, plan_digest, incident_id, title, inputs`;
  await sql`insert into runs (${columns}) values ('run_a', 'p', 'd', 'inc_a', 'queued: Temporal has not seen it', '{}')`.execute(store.db);
  await check();
  await sql`update runs set temporal_run_id = 'made-up'`.execute(store.db);
  await expect(check()).rejects.toMatchObject({ code: 'KEYS_MISSING', message: expect.stringContaining(join(secrets, 'payload-keys')) });
  back('payload-keys');
  await check();
});
