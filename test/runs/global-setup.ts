// Once for all tests that need Temporal: a dev server, the workflow bundle, and the time-skipping server's path.
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { bundleOptions } from '../../worker/bundle.ts';
import { findTemporal, findTimeSkippingServer } from '../../worker/temporal-cli.ts';
import { startTemporalServer } from '../../worker/temporal-server.ts';

export default async function setup() {
  const options = { env: process.env, log: console.log };
  const binary = await findTemporal(options);
  const folder = mkdtempSync(join(tmpdir(), 'cordon-runs-'));
  const [server, timeSkipping, bundle] = await Promise.all([
    startTemporalServer({ binary, folder, log: console.log }),
    findTimeSkippingServer(options),
    existsSync(bundleOptions.workflowsPath) ? bundleWorkflowCode({ ...bundleOptions, logger: new DefaultLogger('WARN') }) : { code: '' },
  ]);
  // Of this run of the tests alone: another that goes on beside it may be of other code.
  const bundleFile = join(folder, 'workflow-bundle.js');
  writeFileSync(bundleFile, bundle.code);
  // Jest's workers inherit these.
  process.env.CORDON_TEST_TEMPORAL = server.address;
  process.env.CORDON_TEST_BUNDLE = bundleFile;
  process.env.CORDON_TEMPORAL_CLI = binary;
  process.env.CORDON_TEMPORAL_TEST_SERVER = timeSkipping;
  Reflect.set(globalThis, '__temporal', { server, folder });
}
