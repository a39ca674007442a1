import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SAMPLES } from '../../alerts/samples.ts';
import { startTemporalServer, type TemporalServer } from '../../worker/temporal-server.ts';
import { api, type Harness, post as postSigned, startHarness } from '../server/harness.ts';
import { eventually, startWorld, WORLD_WITHIN_MS, type World } from './world.ts';

// A Temporal server of its own, to be stopped and started.
const folder = mkdtempSync(join(tmpdir(), 'cordon-outage-'));
const binary = process.env.CORDON_TEMPORAL_CLI ?? '';
let temporal: TemporalServer;
let world: World;
/** The server on the same store, with no Temporal to ask. */
let server: Harness;
beforeAll(async () => {
  temporal = await startTemporalServer({ binary, folder, log: () => undefined });
  world = await startWorld({ temporalAddress: temporal.address });
  server = await startHarness({ store: world.store, now: () => new Date() });
}, WORLD_WITHIN_MS);
afterAll(async () => {
  await server.app.close();
  await world.close();
  await temporal.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

/** Accounts with sessions to end, and hosts that are on. */
const numbers = Array.from({ length: 500 }, (_, number) => number).filter((number) => number % 4 !== 0 && number % 10 !== 9);
const named = (index: number) => String(numbers[index]).padStart(3, '0');
/** By the webhook, signed; the alert's id. */
async function post(index: number): Promise<string> {
  const [user, host] = [`user-${named(index)}`, `wks-${named(index)}`];
  const answer = await postSigned(
    server,
    JSON.stringify({ ...SAMPLES.travel, id: `travel-${index}`, users: [{ id: user }], hosts: [{ id: host }] }),
    { id: `msg_outage_${index}`, timestamp: String(Math.floor(Date.now() / 1000)) },
  );
  expect({ status: answer.statusCode, said: answer.json().status }).toEqual({ status: 202, said: 'accepted' });
  world.notes.acknowledged.push(answer.json().id);
  return answer.json().id;
}

const ASKED = 20;
const STALE = 5;
const ARRIVING = 200;

describe('Temporal, stopped while 200 alerts and 20 approvals arrive', () => {
  it('finds them all when it is back: 200 runs, 20 decisions carried out, those that are stale asked again', async () => {
    const early = await Promise.all(Array.from({ length: ASKED }, (_, index) => post(index)));
    const runs = await Promise.all(early.map(async (alert) => await world.run(alert)));
    const approvals = [];
    for (const run of runs) approvals.push(await world.approval(run.id, 'approval', 'open', 60_000));
    await temporal.stop();

    const late = [];
    for (let index = 0; index < ARRIVING; index++) late.push(await post(ASKED + index));
    for (const { id, digest, run_id: runId } of approvals) {
      const answer = await api(server, 'POST', `/approvals/${id}/approve`, { digest, reason: 'travels with nobody' });
      expect({ status: answer.statusCode, state: answer.json().state }).toEqual({ status: 200, state: 'granted' });
      world.noteDecision({ id, digest, runId, who: 'per_owner' });
    }
    const stale = approvals.slice(0, STALE);
    await world.store.db
      .updateTable('approvals')
      .set({ use_by: new Date(Date.now() - 1_000) })
      .where(
        'id',
        'in',
        stale.map((approval) => approval.id),
      )
      .execute();
    await world.dispatch.idle();
    expect(await world.effects()).toEqual([]);

    temporal = await startTemporalServer({ binary, folder, port: temporal.port, log: () => undefined });
    const count = async (state: 'open' | 'granted', kind: 'approval' | 'question') =>
      (await world.store.db.selectFrom('approvals').select('run_id').where('state', '=', state).where('kind', '=', kind).execute()).map(
        (row) => row.run_id,
      );
    // Each of the new runs comes to its approval.
    const lateRuns = await Promise.all(late.map(async (alert) => (await world.run(alert, 60_000)).id));
    expect(new Set(lateRuns).size).toBe(ARRIVING);
    await eventually(
      async () => {
        const open = new Set(await count('open', 'approval'));
        return lateRuns.every((run) => open.has(run)) ? true : undefined;
      },
      'an approval of every new run',
      180_000,
    );
    // Each decision that is fresh was carried out, once; each stale one asks again, and nothing of it was done.
    const fresh = runs.slice(STALE);
    for (const run of fresh) await world.approval(run.id, 'question', 'open', 60_000);
    for (const run of runs.slice(0, STALE)) {
      const again = await world.approval(run.id, 'approval', 'open', 60_000);
      expect(approvals.map((approval) => approval.id)).not.toContain(again.id);
    }
    const effects = await world.effects();
    for (let index = 0; index < ASKED; index++) {
      const times = index < STALE ? 0 : 1;
      for (const effect of [`disable user-${named(index)}`, `revoke user-${named(index)}`, `isolate wks-${named(index)}`])
        expect({ effect, times: effects.filter((one) => one === effect).length }).toEqual({ effect, times });
    }
    expect(await world.store.db.selectFrom('runs').select('id').where('kind', '=', 'playbook').execute()).toHaveLength(ASKED + ARRIVING);
  }, 400_000);
});
