// What `cordon replay` says of histories: those that go on, those that this build would break, and those that nobody can read.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import pino from 'pino';
import { bundleOptions } from '../../worker/bundle.ts';
import { encryptionCodec } from '../../worker/codec.ts';
import type { Replayed } from '../../worker/replay/contract.ts';
import { isHistory, savedHistories } from '../../worker/replay/histories.ts';
import { type NamedHistory, readHistory, replayAll } from '../../worker/replay/replay.ts';
import { installRuntime } from '../../worker/temporal-connection.ts';
import { folderWith } from '../cli/run.ts';

installRuntime(pino({ level: 'silent' }));

/** Made up, as the saved histories are encrypted with. */
const codec = encryptionCodec({ current: 'made-up', keys: { 'made-up': Buffer.alloc(32, 7) } });
const strangers = encryptionCodec({ current: 'other', keys: { other: Buffer.alloc(32, 8) } });
const optionsOf = (own: typeof codec) => ({
  workflowBundle: { codePath: resolve(process.env.CORDON_TEST_BUNDLE ?? '') },
  dataConverter: { payloadCodecs: [own], failureConverterPath: bundleOptions.failureConverterPath },
});
const saved = (name: string) => readFileSync(resolve('test/histories/engine-1', `${name}.json`), 'utf8');
const named = (name: string, text: string): NamedHistory => {
  const read = readHistory(text);
  if (!read) throw new Error(`${name} is no history`);
  return { name, ...read };
};
async function replayed(histories: readonly NamedHistory[], own = codec): Promise<readonly Replayed[]> {
  const found: Replayed[] = [];
  for await (const one of replayAll(optionsOf(own), own, histories)) found.push(one);
  return found;
}

const folder = folderWith({ 'a/good.json': saved('denied'), 'b.json': '{"events": 7}', 'notes.txt': 'x' });
afterAll(() => folder.remove());

describe('a history', () => {
  it('that this build would break is named with the event, and the others are replayed all the same', async () => {
    // As if another build had begun it: what this one asks for next is not what happened.
    const other = readHistory(saved('contained-and-kept'));
    const began = readHistory(saved('taken-over-by-the-ordinary-lane'))?.history.events?.[0]?.workflowExecutionStartedEventAttributes;
    const start = other?.history.events?.[0]?.workflowExecutionStartedEventAttributes;
    if (!other || !start || !began?.input) throw new Error('two histories are needed');
    start.input = began.input;
    const [broken, good] = await replayed([{ name: 'broken', ...other }, named('good', saved('denied'))]);
    expect(broken).toMatchObject({ name: 'broken', verdict: 'breaks', why: expect.stringMatching(/event|activity/i) });
    expect(good).toMatchObject({ name: 'good', verdict: 'replays' });
    expect(good?.events).toBeGreaterThan(3);
  }, 60_000);

  it('that our keys do not open is not called broken', async () => {
    const [one] = await replayed([named('foreign', saved('denied'))], strangers);
    expect(one).toMatchObject({ verdict: 'unreadable', why: expect.stringContaining('keys') });
  }, 60_000);

  it('is found in any folder below, and what is none is said', () => {
    const found = [...savedHistories(folder.path)];
    expect(found.map((one) => [one.name, isHistory(one)])).toEqual([
      [join('a', 'good.json'), true],
      ['b.json', false],
    ]);
  });
});
