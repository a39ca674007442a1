// The real Temporal CLI in folders as people name them.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { Connection } from '@temporalio/client';
import { startTemporalServer } from '../../worker/temporal-server.ts';

const root = mkdtempSync(join(tmpdir(), 'cordon-named-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

it("Temporal's database is in its folder, whatever that is called, for this user alone; the next start finds it again", async () => {
  const folder = join(root, 'my data#1 50% ü?x');
  mkdirSync(folder, { mode: 0o755 });
  const binary = process.env.CORDON_TEMPORAL_CLI ?? '';
  for (const start of ['first', 'second']) {
    const said: string[] = [];
    const server = await startTemporalServer({ binary, folder, log: (line) => said.push(line) });
    const files = readdirSync(folder).filter((name) => name.startsWith('temporal.db'));
    await server.stop();
    expect({ start, said, beside: readdirSync(root) }).toEqual({ start, said: [], beside: ['my data#1 50% ü?x'] });
    expect(files).toContain('temporal.db');
    expect(statSync(join(folder, 'temporal.db')).mode & 0o777).toBe(0o600);
  }
}, 90_000);

it('a namespace that the settings name is there', async () => {
  const folder = join(root, 'named');
  mkdirSync(folder);
  const binary = process.env.CORDON_TEMPORAL_CLI ?? '';
  const server = await startTemporalServer({ binary, folder, namespace: 'cordon-made-up', log: () => undefined });
  try {
    const connection = await Connection.connect({ address: server.address });
    const { namespaces } = await connection.workflowService.listNamespaces({});
    expect(namespaces.map(({ namespaceInfo }) => namespaceInfo?.name)).toContain('cordon-made-up');
    await connection.close();
  } finally {
    await server.stop();
  }
}, 90_000);
