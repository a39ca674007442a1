// A backup that cannot be restored is found out on the worst day of the year.
import { createHmac } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { appendAudit } from '../../store/audit.ts';
import { writeBackup } from '../../store/backup.ts';
import { checkBackup } from '../../store/backup-file.ts';
import { checkpoint } from '../../store/checkpoint.ts';
import { isAllFrozen } from '../../store/freeze.ts';
import { migrateStore } from '../../store/migrate.ts';
import { MIGRATIONS } from '../../store/migrations.ts';
import { openStore } from '../../store/open.ts';
import { restoreBackup, verifyRestored } from '../../store/restore.ts';
import type { Store } from '../../store/store.ts';
import { carryOut } from '../../worker/backup/carry-out.ts';
import type { StoreLine } from '../../worker/backup/contract.ts';
import { readConfig } from '../../worker/config.ts';
import { openGroundStore } from '../../worker/ground.ts';
import { lifecycle } from '../../worker/lifecycle.ts';
import { progress } from '../../worker/progress.ts';
import { emptyStoreImage, openMemoryStore } from './memory-store.ts';

const NOW = new Date('2026-03-04T05:06:07.089Z');
const sign = (digest: string) => createHmac('sha256', 'made-up-secret').update(digest).digest('hex');
const verify = (digest: string, signature: string) => sign(digest) === signature;
/** Everything that a format of lines could stumble over. */
const ODD = 'one\ntwo\u2028three "quoted" \\ ","row":{ é 🜁';

const folder = mkdtempSync(join(tmpdir(), 'cordon-backup-'));
const file = join(folder, 'good.backup');
const opened: Store[] = [];
const empty = async (): Promise<Store> => {
  const store = await openStore({ memory: true, image: new Blob([readFileSync(await emptyStoreImage())]) }, { production: false });
  opened.push(store);
  return store;
};

let store: Store;
/** The backup in another store. */
let other: Store;
beforeAll(async () => {
  store = await openMemoryStore();
  opened.push(store);
  await fillWithOddThings(store);
  await writeBackup(store, file, NOW);
  other = await empty();
  await restoreBackup(other, file);
});
afterAll(async () => {
  for (const one of opened) await one.close();
  rmSync(folder, { recursive: true });
});

async function fillWithOddThings({ db }: Store): Promise<void> {
  await sql`insert into incidents (id, title, severity_id, opened_at) values ('inc_a', ${ODD}, 4, '2026-03-04T05:06:07.123456+05:30')`.execute(
    db,
  );
  await sql`insert into alerts (id, source, delivery_id, state, title, raw, content_type) values ('alr_a', 'plain', 'd', 'accepted', ${ODD}, ${Buffer.from([0, 10, 255, 34])}, 'x')`.execute(
    db,
  );
  await sql`insert into deliveries (source, delivery_id, alert_ids) values ('plain', 'd', array['alr_a', ${ODD}])`.execute(db);
  await sql`insert into runs (id, playbook, plan_digest, incident_id, title, inputs, alert_id) values ('run_a', 'p', 'd', 'inc_a', 't', '{}', 'alr_a')`.execute(
    db,
  );
  await sql`insert into holds (id, run_id, key, generation, step_id, incident_id, entity, entity_name, entity_id, verb, connector, params, before, says_undo)
    values ('hld_a', 'run_a', 'k', 0, 's', 'inc_a', 'host:wks-007', 'wks-007', 'wks-007', 'host.isolate', 'edr', '{}', '{"isolated":false}', 'u')`.execute(
    db,
  );
  await sql`insert into playbook_versions (digest, playbook, version, plan, source, path) values ('d', 'p', 1, '{"b":1,\n "a":2}', ${ODD}, 'p')`.execute(
    db,
  );
  await sql`insert into locks (entity, run_id, key, fence, owner, lease_until) values ('host:x', 'run_a', 'k', 9007199254740993, 'o', now())`.execute(
    db,
  );
  await sql`insert into outbox (id, kind, about, dedupe) values (41, 'decide', 'alr_a', 'one')`.execute(db);
  await sql`select setval('outbox_id_seq', 77), setval('fences', 9007199254740995)`.execute(db);
  await appendAudit(db, 'admin', [
    { at: NOW, code: 'effect.intent', actor: 'cordon', body: { verb: 'v', key: 'k', digest: 'd'.repeat(64), odd: ODD } },
  ]);
  await checkpoint(db, sign, NOW);
}

it('restores every row as it was: odd text, raw bytes, large numbers, microseconds, and the order within stored JSON', async () => {
  const report = await verifyRestored(other, file, verify);
  expect(report).toMatchObject({ ok: true, audit: { ok: true, events: 1, checkpoints: 1 } });
  const { rows } =
    await sql`select (select title from incidents) as title, (select raw from alerts) as raw, (select fence::text from locks) as fence,
    (select opened_at = '2026-03-03T23:36:07.123456Z' from incidents) as instant, (select plan::text from playbook_versions) as plan`.execute(
      other.db,
    );
  expect(rows).toEqual([
    { title: ODD, raw: Buffer.from([0, 10, 255, 34]), fence: '9007199254740993', instant: true, plan: '{"b":1,  "a":2}' },
  ]);
});

it('lets counters go on where they stood, so that no number is given twice', async () => {
  const { rows } = await sql`select nextval('fences')::text as fence, nextval('outbox_id_seq')::text as outbox`.execute(other.db);
  expect(rows).toEqual([{ fence: '9007199254740996', outbox: '78' }]);
});

it('is for its owner only, and replaces no file', async () => {
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const before = readFileSync(file);
  await expect(writeBackup(store, file, NOW)).rejects.toMatchObject({ code: 'EEXIST' });
  expect(readFileSync(file)).toEqual(before);
});

it.each([
  ['a letter altered', (text: string) => text.replace('wks-007', 'wks-008')],
  ['a row left out', (text: string) => text.split('\n').toSpliced(2, 1).join('\n')],
  [
    'two rows in another order',
    (text: string) =>
      text
        .split('\n')
        .toSpliced(1, 2, ...text.split('\n').slice(1, 3).reverse())
        .join('\n'),
  ],
  ['its end cut off', (text: string) => text.slice(0, -40)],
  ['its seal cut off', (text: string) => `${text.trimEnd().split('\n').slice(0, -1).join('\n')}\n`],
  ['something behind its seal', (text: string) => `${text}{"table":"locks","row":{}}\n`],
  ['another format', (text: string) => text.replace('cordon-backup/1', 'cordon-backup/9')],
  ['nothing in it', () => ''],
])('refuses a file with %s, and touches nothing', async (_what, damage) => {
  const bad = join(folder, 'bad.backup');
  writeFileSync(bad, damage(readFileSync(file, 'utf8')));
  await expect(restoreBackup(store, bad)).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' });
});

it('never writes into a store that has anything', async () => {
  await expect(restoreBackup(store, file)).rejects.toMatchObject({ code: 'STORE_NOT_EMPTY' });
});

it('tells when what was restored is not what was backed up', async () => {
  await sql`update holds set state = 'released'`.execute(other.db);
  await sql`update audit_events set actor = 'nobody'`.execute(other.db);
  const { ok, checks } = await verifyRestored(other, file, verify);
  expect([ok, checks.filter((check) => !check.ok).map(({ what }) => what)]).toEqual([false, ['rows', 'open holds', 'audit']]);
});

it('takes a backup of an older schema, and brings it up to date', async () => {
  const older = await empty();
  await migrateStore(older, MIGRATIONS.slice(0, 1));
  await sql`insert into incidents (id, title, severity_id) values ('inc_old', 'old', 4)`.execute(older.db);
  const old = join(folder, 'old.backup');
  await writeBackup(older, old, NOW);
  // A new database takes seconds to make; this one is empty again.
  await sql.raw('drop schema public cascade; create schema public').execute(older.db);
  expect((await restoreBackup(older, old)).migrations).toHaveLength(1);
  expect((await migrateStore(older)).length).toBe(MIGRATIONS.length - 1);
  expect((await sql`select id from incidents`.execute(older.db)).rows).toEqual([{ id: 'inc_old' }]);
});

it('refuses a backup of a newer Cordon', async () => {
  await sql`insert into cordon_migrations (name) values ('9999-of-tomorrow')`.execute(store.db);
  const newer = join(folder, 'newer.backup');
  await writeBackup(store, newer, NOW).finally(() => sql`delete from cordon_migrations where name = '9999-of-tomorrow'`.execute(store.db));
  await expect(restoreBackup(store, newer)).rejects.toMatchObject({ code: 'STORE_NEWER' });
});

it('is frozen by the next start where the restore was broken off once the data was in; not again when people have lifted it', async () => {
  const data = join(folder, 'broken-off');
  const place = { folder: join(data, 'store') };
  const broken = await openStore(place, { production: false });
  await restoreBackup(broken, file);
  await broken.close();
  const started = async () => {
    const life = lifecycle(() => undefined);
    const config = readConfig({ env: { CORDON_DATA: data }, cwd: folder, root: folder });
    const { db } = await openGroundStore({
      config,
      life,
      progress: progress(
        () => undefined,
        () => 0,
        false,
      ),
    });
    const frozen = await isAllFrozen(db);
    await sql`delete from freezes`.execute(db);
    await life.stop();
    return frozen;
  };
  expect([await started(), await started()]).toEqual([true, false]);
});

it('drills on disk without a trace, and a real restore leaves effects frozen', async () => {
  const lines: StoreLine[] = [];
  const place = { folder: join(folder, 'restored') };
  const ground = { place, production: false, verify, say: (line: StoreLine) => lines.push(line), now: () => NOW, ms: () => 0 };
  await carryOut({ what: 'restore', file }, ground);
  expect(lines.at(-1)).toMatchObject({
    report: { ok: true, madeAt: NOW.toISOString(), checks: [{ ok: true }, { ok: true }, { what: 'open holds', found: '1' }, { ok: true }] },
  });
  const restored = await openStore(place, { production: false });
  expect(await isAllFrozen(restored.db)).toBe(true);
  await restored.close();

  await carryOut({ what: 'drill' }, ground);
  expect(lines.at(-1)).toMatchObject({ report: { ok: true } });
  const copy = join(folder, 'second.backup');
  await carryOut({ what: 'backup', file: copy }, ground);
  expect((await checkBackup(copy)).header.migrations).toHaveLength(MIGRATIONS.length);
  const nowhere = { ...ground, place: { folder: join(folder, 'nowhere') } };
  await expect(carryOut({ what: 'backup', file: join(folder, 'none.backup') }, nowhere)).rejects.toMatchObject({ code: 'STORE_EMPTY' });
  expect(existsSync(nowhere.place.folder)).toBe(false);
});
