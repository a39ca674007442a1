// The program behind `cordon replay`: a wish on stdin, verdicts on stdout. A process of its own, because only the worker's side may know Temporal.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { Client } from '@temporalio/client';
import { NativeConnection, Runtime } from '@temporalio/worker';
import pino from 'pino';
import { bundleOptions } from '../bundle.ts';
import { encryptionCodec, type Keyring } from '../codec.ts';
import { type Config, readConfig } from '../config.ts';
import { lastPort } from '../own-process.ts';
import { keyringOf } from '../secrets.ts';
import { StartError } from '../start-error.ts';
import { connectionOptions, installRuntime } from '../temporal-connection.ts';
import type { Replayed, ReplayFailure, ReplayWish } from './contract.ts';
import { isHistory, openHistories, savedHistories } from './histories.ts';
import { type NamedHistory, replayAll } from './replay.ts';

const dist = join(dirname(fileURLToPath(import.meta.url)), '../..');
const say = (line: Replayed | ReplayFailure): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

async function main(wish: ReplayWish): Promise<void> {
  process.env.TZ = 'UTC';
  installRuntime(pino({ level: 'silent' }));
  const config = readConfig({ env: process.env, cwd: process.cwd(), root: join(dist, '..') });
  const codec = encryptionCodec(readKeys(wish.keys ?? join(config.dataFolder, 'secrets/payload-keys')));
  const dataConverter = { payloadCodecs: [codec], failureConverterPath: bundleOptions.failureConverterPath };
  const options = { workflowBundle: { codePath: join(dist, 'workflow-bundle.js') }, dataConverter };
  if (wish.histories !== undefined) await replayFound(savedHistories(wish.histories));
  if (wish.runs.length > 0) {
    const connection = await connect(config);
    try {
      const client = new Client({ connection, namespace: config.settings.temporalNamespace });
      await replayFound(openHistories(client, wish.runs, wish.save));
    } finally {
      await connection.close();
    }
  }

  async function replayFound(found: AsyncIterable<NamedHistory | Replayed> | Iterable<NamedHistory | Replayed>): Promise<void> {
    for await (const one of replayAll(options, codec, readable(found))) say(one);
  }
}

/** Only read: a data folder that is none must not become one by being looked at. */
function readKeys(file: string): Keyring {
  if (existsSync(file)) return keyringOf(readFileSync(file, 'utf8'), file);
  throw new StartError(
    'KEYS_MISSING',
    `There are no payload keys at ${file}.`,
    'Run this where Cordon runs, set CORDON_DATA, or name them with --keys.',
  );
}

/** What is no history is said at once; the others go on. */
async function* readable(found: AsyncIterable<NamedHistory | Replayed> | Iterable<NamedHistory | Replayed>): AsyncGenerator<NamedHistory> {
  for await (const one of found) {
    if (isHistory(one)) yield one;
    else say(one);
  }
}

/** The embedded server is found by the note that the running Cordon has left. */
async function connect({ settings, dataFolder }: Config): Promise<NativeConnection> {
  const port = settings.temporalAddress === undefined ? lastPort(join(dataFolder, 'temporal.pid')) : undefined;
  if (settings.temporalAddress === undefined && port === undefined) {
    throw new StartError(
      'TEMPORAL_UNKNOWN',
      `No Temporal server has been started from ${dataFolder}.`,
      'Start Cordon, or set TEMPORAL_ADDRESS.',
    );
  }
  return await NativeConnection.connect(connectionOptions(settings, port === undefined ? undefined : `127.0.0.1:${port}`));
}

try {
  // Written by cordon replay.
  await main(JSON.parse(await text(process.stdin)) as ReplayWish);
} catch (error) {
  const isOurs = error instanceof StartError;
  const message = error instanceof Error ? error.message : String(error);
  const hint = isOurs ? error.advice : 'Is Temporal running, and do TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE name it?';
  say({
    error: { code: isOurs ? error.code : 'TEMPORAL_NOT_REACHABLE', message, hint, reachable: isOurs && error.code !== 'TEMPORAL_UNKNOWN' },
  });
} finally {
  await Runtime.instance().shutdown();
}
