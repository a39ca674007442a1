import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from '@jest/globals';
import { parseWorkflowCode } from '@temporalio/worker/lib/worker.js';
import { ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm.js';

type RunOptions = Parameters<ReusableVMWorkflowCreator['createWorkflow']>[0];

/** A run as the worker would begin it, as far as the sandbox looks at it. */
function runOptions(index: number): RunOptions {
  const [runId, now] = [`run-${index}`, new Date(0)];
  const names = { workflowType: 'runPlaybook', workflowId: runId, runId, firstExecutionRunId: runId, namespace: 'test', taskQueue: 'test' };
  const times = { startTime: now, runStartTime: now, attempt: 1, historyLength: 3, memo: {}, searchAttributes: {}, unsafe: {} };
  // The rest of WorkflowInfo is only read by code that asks for it.
  return {
    info: { ...names, ...times },
    randomnessSeed: [1, 2, 3, 4],
    now: 0,
    patches: [],
    showStackTraceSources: false,
  } as unknown as RunOptions;
}

it('a run costs little memory: the modules of the bundle are executed once, not for each run', async () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const code = readFileSync(process.env.CORDON_TEST_BUNDLE ?? '', 'utf8');
  const creator = await ReusableVMWorkflowCreator.create(parseWorkflowCode(code), 10_000, new Set(['perform']));
  const kept: { readonly dispose: () => Promise<void> }[] = [];
  const heapAfter = async (runs: number): Promise<number> => {
    while (kept.length < runs) kept.push(await creator.createWorkflow(runOptions(kept.length)));
    collect();
    return process.memoryUsage().heapUsed;
  };
  const before = await heapAfter(20);
  const eachKb = ((await heapAfter(60)) - before) / 40 / 1024;
  // Measured: 60 KB. With the expression library executed for each run it is above 1,000.
  expect(eachKb).toBeLessThan(300);
  for (const run of kept) await run.dispose();
  await creator.destroy();
}, 60_000);
