import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { writeBackup } from '../../store/backup.ts';
import { classifyStoreError } from '../../store/errors.ts';
import { keepListening } from '../../store/listen.ts';
import { isMigrated, migrateStore } from '../../store/migrate.ts';
import { openStore, type Store } from '../../store/open.ts';
import { type ClaimWish, claimAlerts, claimWork } from '../../store/outbox-claims.ts';
import { restoreBackup, verifyRestored } from '../../store/restore.ts';
import { auditFacts } from './audit-facts.ts';
import { findPostgres, NO_POSTGRES, startPostgres, type TestPostgres } from './postgres.ts';
import { storeFacts } from './store-facts.ts';

const programs = findPostgres();
const suite = programs ? describe : describe.skip;

suite(programs ? 'the store on PostgreSQL' : NO_POSTGRES, () => {
  let server: TestPostgres;
  let url: string;
  let store: Store;
  let other: Store;
  beforeAll(async () => {
    if (!programs) return;
    server = await startPostgres(programs);
    url = await server.createDatabase();
    store = await openStore({ url }, { poolSize: 20, statementTimeoutMs: 5_000 });
    other = await openStore({ url }, { production: true });
    await migrateStore(store);
  });
  afterAll(async () => {
    await store?.close();
    await other?.close();
    await server?.stop();
  });

  storeFacts(() => store);
  auditFacts(() => store);

  it('is backed up beside its work, and restored into another database and into the embedded store', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cordon-pg-backup-'));
    const file = join(folder, 'cordon.backup');
    const { counts } = await writeBackup(store, file, new Date());
    expect(counts.audit_events).toBeGreaterThan(0);
    const places = [await openStore({ url: await server.createDatabase() }), await openStore({ memory: true }, { production: false })];
    for (const place of places) {
      await restoreBackup(place, file);
      const { checks } = await verifyRestored(place, file, () => true);
      expect(checks.filter(({ what, ok }) => what !== 'audit' && !ok)).toEqual([]);
      await place.close();
    }
    rmSync(folder, { recursive: true });
  });

  it('is migrated once when eight processes start at once on an empty database', async () => {
    const empty = await server.createDatabase();
    const stores = await Promise.all(Array.from({ length: 8 }, () => openStore({ url: empty }, { poolSize: 2 })));
    const applied = await Promise.all(stores.map((each) => migrateStore(each)));
    expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
    expect(await isMigrated(stores[0]?.db ?? store.db)).toBe(true);
    await Promise.all(stores.map((each) => each.close()));
  });

  it('a migration may take longer than a statement is given else', async () => {
    const empty = await openStore({ url: await server.createDatabase() }, { statementTimeoutMs: 200 });
    await expect(sql`select pg_sleep(0.5)`.execute(empty.db)).rejects.toMatchObject({ code: '57014' });
    expect(await migrateStore(empty, [{ name: '0001', sql: 'select pg_sleep(6)' }])).toEqual(['0001']);
    await empty.close();
  });

  it('gives each outbox row to one claimer only, and none to nobody, when four claim at once', async () => {
    await sql`insert into incidents (id, title, severity_id) values ('inc_claims', 'made up', 3)`.execute(store.db);
    await sql`insert into alerts (id, source, delivery_id, finding, state, title, severity_id, raw, content_type)
      select 'alr_claim_' || n, 'plain', n, n, 'accepted', 'made up', 3, '', 'application/json' from generate_series(1, 200) n`.execute(
      store.db,
    );
    await sql`insert into runs (id, kind, playbook, plan_digest, mode, incident_id, title, inputs, severity_id, started_by, reason)
      select 'run_claim_' || n, 'playbook', 'p', 'd', 'act', 'inc_claims', 'made up', '{}', 3, 'test', 'test' from generate_series(1, 200) n`.execute(
      store.db,
    );
    await sql`insert into outbox (kind, about, dedupe, priority, lane)
      select kind, case kind when 'decide' then 'alr_claim_' else 'run_claim_' end || n, 'claim-test:' || kind || n, n % 3, 'lane-' || n % 5
      from generate_series(1, 200) n, (values ('decide'), ('start'), ('wake')) k (kind)`.execute(store.db);
    const bounds = { places: 1_000, criticalPlaces: 0 };
    const rounds = {
      alerts: claimAlerts,
      work: async (db: Store['db'], wish: ClaimWish) => await claimWork(db, { ...wish, kinds: ['start', 'wake'] }, wish.token, bounds),
    };
    for (const [what, claim] of Object.entries(rounds)) {
      const claimAll = async (by: string): Promise<string[]> => {
        const ids: string[] = [];
        // A claimer may come away with nothing because others hold the first rows just now: it looks again.
        for (let count = 0, empty = 0; empty < 5; count++) {
          const got = await claim(store.db, { token: `${by}#${count}`, limit: 10 });
          empty = got.length === 0 ? empty + 1 : 0;
          ids.push(...got.map((row) => row.id));
        }
        return ids;
      };
      const claimed = (await Promise.all(['a', 'b', 'c', 'd'].map(claimAll))).flat();
      expect({ what, claims: claimed.length, rows: new Set(claimed).size }).toEqual({
        what,
        claims: what === 'work' ? 400 : 200,
        rows: claimed.length,
      });
    }
    await sql`delete from outbox`.execute(store.db);
  });

  it('wakes other processes', async () => {
    const woken = wokenOnce(other, 'outbox');
    await reachable(other, store);
    store.wake('outbox');
    await woken;
  });

  it('gathers: a thousand wakes at once are a few for the others, and the last one is never lost', async () => {
    await reachable(other, store);
    let count = 0;
    const done = new Promise<void>((resolve) => {
      other.onWake('last', resolve);
    });
    other.onWake('many', () => count++);
    for (let at = 0; at < 1_000; at++) store.wake('many');
    await sql`select pg_sleep(0.1)`.execute(store.db);
    store.wake('last');
    await done;
    expect(count).toBeGreaterThanOrEqual(2); // at once, and once at the end
    expect(count).toBeLessThan(10);
  });

  it('says that it is busy with others when two transactions wait for each other', async () => {
    await store.db
      .insertInto('settings')
      .values([
        { name: 'left', value: '0' },
        { name: 'right', value: '0' },
      ])
      .execute();
    const touch = (name: string) => sql`update settings set value = '1' where name = ${name}`;
    const both = meeting(2);
    const cross = (first: string, second: string) =>
      store.db.transaction().execute(async (trx) => {
        await touch(first).execute(trx);
        await both();
        await touch(second).execute(trx);
      });
    const ends = await Promise.allSettled([cross('left', 'right'), cross('right', 'left')]);
    const failed = ends.flatMap((end) => (end.status === 'rejected' ? [classifyStoreError(end.reason)] : []));
    expect(failed).toEqual([expect.objectContaining({ code: 'STORE_CONFLICT', retryable: true })]);
  });

  it('ends a statement that takes too long', async () => {
    const hasty = await openStore({ url }, { statementTimeoutMs: 50 });
    const failed = await sql`select pg_sleep(10)`.execute(hasty.db).catch(classifyStoreError);
    expect(failed).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await hasty.close();
  });

  it('notices that the connection that listens is half open, makes another, and wakes everybody since something was missed', async () => {
    const proxy = await startSilencer(Number(new URL(url).port));
    const gaps = { count: 0, next: () => {} };
    const lost: string[] = [];
    const gap = () => new Promise<void>((resolve) => (gaps.next = resolve));
    const first = gap();
    const heard: string[] = [];
    const listening = keepListening(
      { connectionString: url.replace(/:\d+\//, `:${proxy.port}/`) },
      {
        channel: 'cordon_wake',
        onMessage: (payload) => heard.push(payload),
        onGap: () => {
          gaps.count++;
          gaps.next();
        },
        onLost: (error) => lost.push(error.message),
        heartbeatMs: 20,
        answerMs: 200,
      },
    );
    await first;
    const second = gap();
    proxy.silence();
    await second;
    expect(gaps.count).toBe(2);
    expect(lost).toEqual([expect.stringContaining('timeout')]);
    const { rows } = await sql<{ sent: string }>`select pg_notify('cordon_wake', 'made-up-sender outbox')::text as sent`.execute(store.db);
    expect(rows).toHaveLength(1);
    while (!heard.includes('made-up-sender outbox')) await sql`select 1`.execute(store.db);
    await listening.close();
    await proxy.close();
  });

  it('is not ready and says why while the server is dead, and goes on by itself when it is back', async () => {
    const lost: Error[] = [];
    const survivor = await openStore({ url }, { onLost: (error) => lost.push(error) });
    await survivor.db.insertInto('settings').values({ name: 'acknowledged', value: '1' }).execute();
    await reachable(survivor, store);

    await server.kill();
    expect(await survivor.ready()).toBe(false);
    expect(
      classifyStoreError(
        await survivor.db
          .selectFrom('settings')
          .selectAll()
          .execute()
          .catch((error) => error),
      ),
    ).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      retryable: true,
    });
    survivor.wake('outbox'); // must not throw

    const caughtUp = wokenOnce(survivor, 'outbox'); // nobody wakes: it is woken since it may have missed something
    await server.start();
    await caughtUp;
    expect(await survivor.ready()).toBe(true);
    expect(await survivor.db.selectFrom('settings').select('value').where('name', '=', 'acknowledged').execute()).toEqual([{ value: 1 }]);
    expect(lost.length).toBeGreaterThan(0);
    await survivor.close();
  });
});

function wokenOnce(store: Store, channel: string): Promise<void> {
  return new Promise((resolve) => {
    const end = store.onWake(channel, () => {
      end();
      resolve();
    });
  });
}

/** Waits until `to` hears what `from` sends: a LISTEN connection is made in the background. */
async function reachable(to: Store, from: Store): Promise<void> {
  let heard = false;
  const end = to.onWake('hello', () => {
    heard = true;
  });
  while (!heard) {
    from.wake('hello');
    await sql`select pg_sleep(0.03)`.execute(from.db);
  }
  end();
}

/** Each caller waits until `count` have come. */
function meeting(count: number): () => Promise<void> {
  let missing = count;
  let open: () => void = () => {};
  const all = new Promise<void>((resolve) => {
    open = resolve;
  });
  return () => {
    missing--;
    if (missing === 0) open();
    return all;
  };
}

/** A proxy that can fall silent towards those who are connected, without closing anything. Who comes later is served. */
async function startSilencer(to: number): Promise<{ port: number; silence(): void; close(): Promise<void> }> {
  const pairs = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    for (const [from, into] of [
      [near, far],
      [far, near],
    ] as const) {
      pairs.add(from);
      from.pipe(into);
      from.on('error', () => into.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    silence() {
      for (const socket of pairs) socket.unpipe().pause();
    },
    async close() {
      for (const socket of pairs) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
