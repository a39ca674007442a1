// A run of a hundred waits over ninety days, on the server that skips time: it ends when it should, and not a day later.

import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import type { Activities } from '../../activities/contract.ts';
import { ENGINE_VERSION } from '../../engine/engine.ts';
import type { RunInput } from '../../workflows/contract.ts';
import { GIVEN, planOf, wait } from '../engine/plans.ts';

const DAY_MS = 86_400_000;
const WAITS = 100;

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  const path = process.env.CORDON_TEMPORAL_TEST_SERVER ?? '';
  environment = await TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path } } });
}, 60_000);
afterAll(async () => {
  await environment.teardown();
});

it('a hundred waits over ninety days', async () => {
  const shown: string[] = [];
  const activities: Pick<Activities, 'pause' | 'resume' | 'endRun'> = {
    pause: async ({ key }) => void shown.push(`pause ${key}`),
    resume: async ({ key }) => void shown.push(`resume ${key}`),
    endRun: async () => undefined,
  };
  const worker = await Worker.create({
    connection: environment.nativeConnection,
    taskQueue: 'waits',
    workflowBundle: { codePath: resolve(process.env.CORDON_TEST_BUNDLE ?? '') },
    activities,
  });
  const plan = planOf(Array.from({ length: WAITS }, (_, index) => wait(`w${index}`, { forMs: (90 * DAY_MS) / WAITS })));
  const input: RunInput = { runId: 'run_1', engine: ENGINE_VERSION, planDigest: '', plan, given: GIVEN };
  const begun = await environment.currentTimeMs();
  const finish = await worker.runUntil(
    environment.client.workflow.execute('runPlaybook', { workflowId: 'waits', taskQueue: 'waits', args: [input] }),
  );
  expect(finish).toMatchObject({ state: 'completed' });
  const took = (await environment.currentTimeMs()) - begun;
  expect(took).toBeGreaterThanOrEqual(90 * DAY_MS);
  expect(took).toBeLessThan(91 * DAY_MS);
  expect(shown).toHaveLength(2 * WAITS);
}, 120_000);
