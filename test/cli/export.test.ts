// What others collect: held to the members that OCSF's public description of these classes requires.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { runCli } from '../../cli/run-cli.ts';
import { type Harness, plainAlert, post, startHarness } from '../server/harness.ts';
import { makeHold, makeRun } from '../server/rows.ts';

let harness: Harness;
let url: string;
beforeAll(async () => {
  harness = await startHarness();
  url = await harness.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await harness.close();
});

async function exported(
  ...more: readonly string[]
): Promise<{ readonly code: number; readonly events: readonly Event[]; readonly err: string }> {
  const said = { out: '', err: '' };
  const code = await runCli(['export', 'ocsf', ...more], {
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    env: { CORDON_URL: url, CORDON_TOKEN: harness.token },
    cwd: '/nonexistent',
    colour: false,
    columns: 100,
    progress: () => undefined,
    interrupted: () => AbortSignal.abort(),
  });
  return {
    code,
    events: said.out
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Event),
    err: said.err,
  };
}

type Event = Readonly<Record<string, unknown>> & { readonly class_uid: number; readonly activity_id: number; readonly type_uid: number };

/** schema.ocsf.io, 1.3.0: what is required, and of what kind it is. */
const BASE = {
  activity_id: expect.any(Number),
  category_uid: expect.any(Number),
  class_uid: expect.any(Number),
  type_uid: expect.any(Number),
  severity_id: expect.any(Number),
  time: expect.any(Number),
  metadata: expect.objectContaining({ version: '1.3.0', product: expect.objectContaining({ vendor_name: expect.any(String) }) }),
};
const REQUIRED: Readonly<Record<number, object>> = {
  2004: { ...BASE, category_uid: 2, finding_info: expect.objectContaining({ uid: expect.any(String), title: expect.any(String) }) },
  7001: { ...BASE, category_uid: 7, command_uid: expect.any(String), remediation: expect.objectContaining({ desc: expect.any(String) }) },
};

it('alerts and effects have all that their class requires, and numbers that fit together', async () => {
  await post(harness, plainAlert({ id: 'first', hosts: [{ id: 'wks-007', ip: '10.20.0.7' }], files: [{ sha256: 'ab'.repeat(32) }] }));
  await post(harness, plainAlert({ id: 'second', status: 'resolved' }));
  const run = await makeRun(harness.store);
  await makeHold(harness.store, run);
  await harness.store.db.updateTable('steps').set({ ended_at: new Date(), intent_at: new Date() }).where('run_id', '=', run).execute();
  const { code, events } = await exported();
  expect(code).toBe(0);
  expect(events.map((event) => event.class_uid).sort()).toEqual([2004, 2004, 7001]);
  for (const event of events) {
    expect(event).toMatchObject(REQUIRED[event.class_uid] ?? {});
    expect(event.type_uid).toBe(event.class_uid * 100 + event.activity_id);
    for (const seen of event.observables as readonly object[])
      expect(seen).toMatchObject({ name: expect.any(String), type_id: expect.any(Number) });
  }
  const [effect] = events.filter((event) => event.class_uid === 7001);
  expect(effect).toMatchObject({
    activity_name: 'Evict',
    status_id: 1,
    message: 'Disable Eve Adams (user-007)',
    observables: [{ type_id: 4, value: 'Eve Adams' }],
  });
  expect(
    events
      .filter((event) => event.class_uid === 2004)
      .map((event) => event.activity_id)
      .sort(),
  ).toEqual([1, 3]);
});

it('only what happened in the span is given', async () => {
  expect((await exported('--since', '2999-01-01T00:00:00Z')).events).toEqual([]);
  expect((await exported('--until', '2000-01-01')).events).toEqual([]);
  expect((await exported('--since', 'yesterday')).code).toBe(2);
});
