// What a real server, and its absence, look like through the client: dispatch's whole behaviour hangs on telling them apart.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { callFailure, temporalOf } from '../../dispatch/temporal.ts';
import { startTemporalServer } from '../../worker/temporal-server.ts';
import type { RunInput } from '../../workflows/contract.ts';

const inputOf = (runId: string): RunInput => ({
  runId,
  engine: 1,
  planDigest: 'made up',
  given: {
    inputs: {},
    run: {
      id: runId,
      playbook: 'made-up',
      severity: 'low',
      severity_id: 2,
      incident: 'inc_1',
      url: 'http://127.0.0.1',
      started_at: '2026-03-04T05:06:07Z',
    },
  },
});

describe('Temporal through the client', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-temporal-'));
  let server: Awaited<ReturnType<typeof startTemporalServer>>;
  let connection: NativeConnection;
  const start = async (port?: number) =>
    await startTemporalServer({ binary: process.env.CORDON_TEMPORAL_CLI ?? '', folder, port, log: () => undefined });
  beforeAll(async () => {
    server = await start();
    connection = await NativeConnection.connect({ address: server.address });
  }, 60_000);
  afterAll(async () => {
    await connection.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 30_000);
  const failureOf = async (call: () => Promise<unknown>) => {
    try {
      await call();
      return 'answered';
    } catch (error) {
      return callFailure(error);
    }
  };

  it('a start repeated is one run; one that has ended is not started again; what was never there is not found', async () => {
    const temporal = temporalOf(new Client({ connection }));
    expect(await temporal.start(inputOf('run_a'), 'Made up')).toBe('started');
    const first = await temporal.describe('run_a');
    expect(await temporal.start(inputOf('run_a'), 'Made up')).toBe('started');
    expect(await temporal.describe('run_a')).toEqual(first);
    await temporal.wake('run_a');
    await new Client({ connection }).workflow.getHandle('run/run_a').terminate();
    expect(await temporal.start(inputOf('run_a'), 'Made up')).toBe('exists');
    expect(await temporal.describe('run_a')).toMatchObject({ status: 'TERMINATED', runId: first?.runId });
    expect(await failureOf(() => temporal.wake('run_a'))).toBe('not_found');
    expect(await failureOf(() => temporal.cancel('run_never'))).toBe('not_found');
    expect(await temporal.describe('run_never')).toBeUndefined();
  });

  it('an unknown namespace is a server that is away, not a run that is lost', async () => {
    const temporal = temporalOf(new Client({ connection, namespace: 'made-up' }));
    expect(await failureOf(() => temporal.describe('run_a'))).toBe('away');
    expect(await failureOf(() => temporal.start(inputOf('run_b'), 'Made up'))).toBe('away');
    expect(await failureOf(() => temporal.wake('run_a'))).toBe('away');
  });

  it('input that the server refuses is permanent', async () => {
    const temporal = temporalOf(new Client({ connection }));
    expect(await failureOf(() => temporal.start(inputOf('x'.repeat(2_000)), 'Made up'))).toBe('permanent');
  });

  it('a stopped server is away for every call; a call made meanwhile succeeds when it is back', async () => {
    const temporal = temporalOf(new Client({ connection }));
    const port = Number(server.address.split(':').at(-1));
    await server.stop();
    const calls = [
      () => temporal.start(inputOf('run_c'), 'Made up'),
      () => temporal.wake('run_a'),
      () => temporal.cancel('run_a'),
      () => temporal.describe('run_a'),
    ];
    expect(await Promise.all(calls.map(failureOf))).toEqual(['away', 'away', 'away', 'away']);
    const late = temporal.start(inputOf('run_d'), 'Made up');
    server = await start(port);
    expect(await late).toBe('started');
  }, 60_000);
});
