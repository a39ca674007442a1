// Who can edit policy.yaml changes what is allowed: it leaves its trace.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { Store } from '../../store/store.ts';
import { listAudit } from '../../store/views/audit.ts';
import { openInventory } from '../../worker/entity-inventory.ts';
import { auditFiles, type FileAudit } from '../../worker/file-audit.ts';
import { watchedFile } from '../../worker/watched-file.ts';
import { openMemoryStore } from '../store/memory-store.ts';

let store: Store;
const path = join(mkdtempSync(join(tmpdir(), 'cordon-file-audit-')), 'policy.yaml');
let nowMs = 0;
let open: FileAudit[] = [];
beforeAll(async () => {
  store = await openMemoryStore();
});
beforeEach(async () => {
  await sql`truncate settings, entities, audit_events, audit_heads`.execute(store.db);
  write('one');
});
afterAll(async () => {
  await store.close();
});

function write(text: string): void {
  writeFileSync(path, text);
  nowMs += 2_000;
  utimesSync(path, nowMs, nowMs);
}
const digest = (text: string) => createHash('sha256').update(text).digest('hex');
const parse = (text: string) => {
  if (text.startsWith('bad')) throw new Error('line 3: made up');
  return text;
};
async function start(): Promise<FileAudit> {
  const file = watchedFile(
    path,
    parse,
    () => undefined,
    () => nowMs,
  );
  const audit = await auditFiles({
    store,
    files: [{ name: 'policy', file, changed: 'policy.changed', refused: 'policy.refused' }],
    warn: (message) => {
      throw new Error(message);
    },
    now: () => new Date(),
  });
  open.push(audit);
  return audit;
}
/** A change counts from its second look on. */
async function lookTwice(audit: FileAudit): Promise<void> {
  for (const _ of [1, 2]) {
    nowMs += 2_000;
    await audit.look();
  }
}
async function stopAll(): Promise<void> {
  for (const audit of open) await audit.stop();
  open = [];
}
const told = async () => (await listAudit(store.db, {})).items.map(({ code, says }) => [code, says.replace(/\.$/, '')]).reverse();

it('a changed policy is in the audit log with its file, the old and the new digest', async () => {
  const audit = await start();
  write('two');
  await lookTwice(audit);
  await lookTwice(audit);
  await stopAll();
  expect(await told()).toEqual([
    ['policy.changed', `${path} is in force as ${digest('one')}`],
    ['policy.changed', `${path} is in force as ${digest('two')}, before as ${digest('one')}`],
  ]);
});

it('what was changed while nothing ran is told at the start, and what is the same is not', async () => {
  await start();
  await stopAll();
  await start();
  await stopAll();
  write('two');
  await start();
  await stopAll();
  expect((await told()).map(([, says]) => says)).toEqual([
    `${path} is in force as ${digest('one')}`,
    `${path} is in force as ${digest('two')}, before as ${digest('one')}`,
  ]);
});

it('a version that is refused is told once, by whichever process saw it first, with the one that stays in force', async () => {
  const [audit, other] = [await start(), await start()];
  write('bad');
  await lookTwice(audit);
  await lookTwice(other);
  rmSync(path);
  await lookTwice(audit);
  write('two');
  await lookTwice(audit);
  await lookTwice(other);
  await stopAll();
  const stays = `${digest('one')} stays in force`;
  expect((await told()).slice(1)).toEqual([
    ['policy.refused', `${path} (${digest('bad')}) is not used, ${stays}: line 3: made up`],
    ['policy.refused', expect.stringMatching(new RegExp(`^${path} is not used, ${stays}: (Error: )?ENOENT`))],
    ['policy.changed', `${path} is in force as ${digest('two')}, before as ${digest('one')}`],
  ]);
});

it('a changed inventory is in it with the digest of what the source said before and says now', async () => {
  const inventory = async (text: string) => {
    write(text);
    const opened = await openInventory({ store, file: path, warn: () => undefined, nowMs: () => nowMs });
    await opened.stop();
  };
  await inventory('hosts:\n  - { name: wks-1 }\n');
  await inventory('hosts:\n  - { name: wks-1, tags: [server] }\n');
  await inventory('hosts:\n  - { name: wks-1 }\n');
  const { rows } = await sql<{ was: string; digest: string }>`
    select body->>'was' as was, body->>'digest' as digest from audit_events where code = 'entities.changed' order by seq`.execute(store.db);
  expect(rows).toHaveLength(3);
  expect(rows[1]?.was).toBe(rows[0]?.digest);
  expect(rows[2]).toEqual({ was: rows[1]?.digest, digest: rows[0]?.digest });
  expect(rows[0]?.digest).toMatch(/^[0-9a-f]{64}$/);
});
