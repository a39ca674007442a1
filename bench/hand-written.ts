// The other side of the comparison: a webhook, a client and a worker in one Node process, written by hand for this one response.
import { fileURLToPath } from 'node:url';
import { Client } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import Fastify from 'fastify';
import * as activities from './hand-written-activities.ts';
import type { Alert } from './hand-written-workflow.ts';

const { TEMPORAL = '', PORT = '', EAGER = '' } = process.env;
const taskQueue = 'hand-written';

Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('WARN') });
const connection = await NativeConnection.connect({ address: TEMPORAL, grpcCompression: { codec: 'none' } });
const client = new Client({ connection });
const workflowBundle = await bundleWorkflowCode({
  workflowsPath: fileURLToPath(new URL('./hand-written-workflow.js', import.meta.url)),
  logger: new DefaultLogger('WARN'),
});
const worker = await Worker.create({
  connection,
  taskQueue,
  workflowBundle,
  activities,
  // As Cordon's: the comparison is not about these.
  maxCachedWorkflows: 500,
  maxConcurrentWorkflowTaskExecutions: 100,
  maxConcurrentActivityTaskExecutions: 200,
  maxEagerActivityReservationsPerWorkflowTask: 10,
});
const running = worker.run();

const app = Fastify();
app.post<{ Body: { id: string; severity: string; hosts: { name: string }[]; ips: string[] } }>('/hook', async ({ body }, reply) => {
  const alert: Alert = { id: body.id, severity: body.severity, host: body.hosts[0]?.name ?? '', ip: body.ips[0] ?? '' };
  await client.workflow.start('containHost', {
    taskQueue,
    workflowId: `contain/${alert.id}`,
    args: [alert],
    requestEagerStart: EAGER === '1',
  });
  return reply.code(202).send({ id: alert.id });
});
app.get('/readyz', async () => 'ready');
await app.listen({ host: '127.0.0.1', port: Number(PORT) });

const stop = async () => {
  await app.close();
  worker.shutdown();
  await running;
  await connection.close();
  process.exit(0);
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop());
