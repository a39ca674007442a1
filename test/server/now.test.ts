// Now, when very much is asked at once: what ends first is seen first, and no number is a cut list's length.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { ApprovalRow, Now, Page } from '../../server/contract.ts';
import { api, type Harness, startHarness } from './harness.ts';
import { makeApproval, makeHold, makeRun } from './rows.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
beforeEach(async () => {
  await harness.reset();
});
afterAll(async () => {
  await harness.close();
});

/** Copies of one, as an outage leaves them; the oldest ends first. */
async function copyApproval(of: string, copies: number): Promise<void> {
  await sql`create temp table copied as select a.*, n from approvals a, generate_series(1, ${copies}) n where a.id = ${of}`.execute(
    harness.store.db,
  );
  await sql`update copied set id = 'apr_' || lpad(n::text, 26, '0'), key = 'copy' || n, expires_at = now() + (n || ' minutes')::interval`.execute(
    harness.store.db,
  );
  await sql`alter table copied drop column n`.execute(harness.store.db);
  await sql`insert into approvals select * from copied`.execute(harness.store.db);
  await sql`drop table copied`.execute(harness.store.db);
}

const readNow = async (): Promise<Now> => (await api(harness, 'GET', '/now')).json();

describe('with 200 open approvals', () => {
  it('those that one may decide come first, then what ends first; the number is that of all', async () => {
    const run = await makeRun(harness.store);
    await copyApproval(await makeApproval(harness.store, run, { withinMs: 86_400_000 }), 200);
    const addressedTo = { person: 'somebody else' };
    const other = await makeApproval(harness.store, await makeRun(harness.store), { withinMs: 1_000, addressedTo });
    const now = await readNow();
    expect(now.approvals.map(({ id }) => id)).toEqual(Array.from({ length: 50 }, (_, n) => `apr_${String(n + 1).padStart(26, '0')}`));
    expect(now.approvals.map(({ id }) => id)).not.toContain(other);
    expect(now.totals).toEqual({ approvals: 202, debts: 0, drifted: 0, lostRuns: 0 });
  });

  it('a list of what ends first is read page by page without a gap, also when the last of a page was decided meanwhile', async () => {
    await copyApproval(await makeApproval(harness.store, await makeRun(harness.store), { withinMs: 86_400_000 }), 200);
    const seen: string[] = [];
    for (let before = ''; ; ) {
      const page: Page<ApprovalRow> = (await api(harness, 'GET', `/approvals?state=open&order=ending&limit=60${before}`)).json();
      seen.push(...page.items.map(({ id }) => id));
      if (page.next === undefined) break;
      await harness.store.db.updateTable('approvals').set({ state: 'withdrawn' }).where('id', '=', page.next).execute();
      before = `&before=${page.next}`;
    }
    expect(seen.slice(0, 200)).toEqual(Array.from({ length: 200 }, (_, n) => `apr_${String(n + 1).padStart(26, '0')}`));
    expect(seen).toHaveLength(201);
  });
});

it('the holds of one incident are asked for by themselves', async () => {
  const run = await makeRun(harness.store);
  const hold = await makeHold(harness.store, run);
  await makeHold(harness.store, await makeRun(harness.store));
  const { incident_id } = await harness.store.db.selectFrom('runs').select('incident_id').where('id', '=', run).executeTakeFirstOrThrow();
  expect((await api(harness, 'GET', `/holds?state=open&incident=${incident_id}`)).json()).toMatchObject({ items: [{ id: hold }] });
});

it('debts, what is no longer in force and lost runs are counted beyond what is listed', async () => {
  for (let n = 0; n < 60; n += 1) {
    const run = await makeRun(harness.store);
    await makeHold(harness.store, run, { key: 'debt', state: 'debt' });
    const drifted = await makeHold(harness.store, run, { key: 'drifted' });
    await harness.store.db.updateTable('holds').set({ drifted_at: new Date(), drift: 'made up' }).where('id', '=', drifted).execute();
    await harness.store.db.updateTable('runs').set({ state: 'lost' }).where('id', '=', run).execute();
  }
  const now = await readNow();
  expect(now.totals).toEqual({ approvals: 0, debts: 60, drifted: 60, lostRuns: 60 });
  expect(now.debts).toHaveLength(50);
});
