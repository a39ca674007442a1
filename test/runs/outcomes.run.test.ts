// What nobody can be sure of is said, by what each verb declares of its delivery: never green, never sent twice where that would do harm.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ports } from '../../connectors/ports.ts';
import { openConnectors } from '../../connectors/registry.ts';
import { ALLOWING_POLICY } from './bare-playbooks.ts';
import { eventually, startWorld, WORLD_WITHIN_MS, type World } from './world.ts';

const playbook = (name: string, title: string, steps: string) => `playbook: ${name}
title: ${title}
description: One effect, for a test.
owner: tests
inputs: { host: { type: host } }
triggers:
  - alert: { source: [plain] }
    when: alert.title == '${title}'
    with: { host: "\${{ alert.hosts[0] }}" }
steps:
${steps}`;
const PLAYBOOKS = {
  isolate: playbook(
    'isolate',
    'Isolate',
    '  - id: act\n    do: host.isolate\n    with: { host: "${{ inputs.host }}" }\n    hold: { for: 24h, then: ask }\n',
  ),
  send: playbook(
    'send',
    'Send',
    '  - id: act\n    do: http.send\n    via: hook\n    with: { method: POST, path: /wipe, body: { host: "${{ inputs.host.id }}" } }\n',
  ),
  tell: playbook(
    'tell',
    'Tell',
    '  - id: act\n    do: notify.message\n    via: practice-chat\n    with: { to: "#soc", text: "Look at ${{ inputs.host.id }}" }\n',
  ),
};

let world: World;
const requests: string[] = [];
/** A product that does as it is told, and never says so. */
const silent = createServer((request, response) => {
  requests.push(`${request.method} ${request.url}`);
  request.resume().on('end', () => response.destroy());
});
const folder = mkdtempSync(join(tmpdir(), 'cordon-playbooks-'));
beforeAll(async () => {
  for (const [name, text] of Object.entries(PLAYBOOKS)) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'playbook.yaml'), text);
  }
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  world = await startWorld({ playbooks: folder, policy: ALLOWING_POLICY, requestTimeoutMs: 4_000 });
  const { port } = silent.address() as AddressInfo; // a TCP server
  const hook = openConnectors(
    [{ id: 'hook', type: 'http', url: `http://127.0.0.1:${port}` }],
    ports({ guard: world.guard, secrets: { env: {}, folder }, maxTimeoutMs: 4_000 }),
  );
  const trial = world.state.connectors;
  world.state.connectors = {
    ...trial,
    servers: (verb) => [...trial.servers(verb), ...hook.servers(verb)],
    instance: (id) => trial.instance(id) ?? hook.instance(id),
  };
}, WORLD_WITHIN_MS);
afterAll(async () => {
  await world.close();
  silent.closeAllConnections();
  silent.close();
  rmSync(folder, { recursive: true, force: true });
});

const start = async (title: string, host: string) =>
  (await world.run(await world.alert({ title, severity: 'high', hosts: [{ id: host }] }))).id;
const act = async (run: string) => (await world.steps(run)).find((step) => step.key === 'act');

describe('an effect', () => {
  it('that the product accepts and never shows is not verified: the step has failed, people are told, and it is held as if it were so', async () => {
    const host = 'wks-319'; // it is off: its isolation is accepted, and stays on its way
    const run = await start('Isolate', host);
    expect(await world.ended(run, 40_000)).toMatchObject({ state: 'failed' });
    expect(await act(run)).toMatchObject({ outcome: 'unverified', after: { isolated: false } });
    expect(world.pages.filter((page) => page.includes('NOT verified'))).toHaveLength(1);
    expect(await world.store.db.selectFrom('holds').select('state').where('run_id', '=', run).execute()).toEqual([{ state: 'active' }]);
  }, 60_000);

  it('that must not be repeated is sent once; without an answer its outcome is unknown, and a person decides', async () => {
    const run = await start('Send', 'wks-321');
    expect(await world.ended(run, 40_000)).toMatchObject({ state: 'failed' });
    expect(requests).toEqual(['POST /wipe']);
    expect(await act(run)).toMatchObject({ outcome: 'unknown' });
    expect(await world.audit(run)).toContain('effect.unknown');
    expect(world.pages.filter((page) => page.includes("'http.send'") && page.includes('not'))).toHaveLength(1);
  }, 60_000);

  it('whose doubles the product removes is sent again under the same key, and happens once', async () => {
    await world.faults([{ product: 'chat', effect: 'message', drop: 'after', count: 1 }]);
    const run = await start('Tell', 'wks-322');
    expect(await world.ended(run, 40_000)).toMatchObject({ state: 'completed' });
    const sent = (await world.record()).filter((line) => line.effect === 'message');
    expect(sent.length).toBe(2);
    expect(new Set(sent.map((line) => line.target)).size).toBe(1);
    expect(await act(run)).toMatchObject({ outcome: 'changed' });
  }, 60_000);

  it('that can be read is read before it is sent again: what took effect unanswered is found, and happens once', async () => {
    const host = 'wks-323';
    await world.faults([{ product: 'edr', effect: 'isolate', target: host, drop: 'after', count: 1 }]);
    const run = await start('Isolate', host);
    expect(await world.ended(run, 40_000)).toMatchObject({ state: 'completed' });
    expect((await world.effects()).filter((effect) => effect === `isolate ${host}`)).toHaveLength(1);
    await eventually(async () => ((await act(run))?.outcome === 'changed' ? true : undefined), 'its outcome');
    expect(await act(run)).toMatchObject({ recovered: true });
  }, 60_000);

  it.each([
    ['503 with Retry-After', 'wks-325', { status: 503, retryAfter: 1 }],
    ['409', 'wks-326', { status: 409 }],
  ])(
    'that is done and answered with %s is ours, and so is its undo',
    async (_, host, answer) => {
      await world.faults(
        ['isolate', 'release'].map((effect) => ({ product: 'edr', effect, target: host, drop: 'after', count: 1, ...answer })),
      );
      const run = await start('Isolate', host);
      expect(await world.ended(run, 40_000)).toMatchObject({ state: 'completed' });
      expect(await act(run)).toMatchObject({ outcome: 'changed', recovered: true });
      expect(await world.ended(await world.undo(run), 40_000)).toMatchObject({ state: 'completed' });
      expect(await world.store.db.selectFrom('holds').select('state').where('run_id', '=', run).execute()).toEqual([{ state: 'released' }]);
      expect((await world.effects()).filter((effect) => effect.endsWith(` ${host}`))).toEqual([`isolate ${host}`, `release ${host}`]);
    },
    60_000,
  );
});
