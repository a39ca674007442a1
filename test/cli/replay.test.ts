import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import type { Context } from '../../cli/command.ts';
import { askReplay } from '../../cli/replay-program.ts';
import type { Replayed } from '../../worker/replay/contract.ts';
import { cordon, folderWith } from './run.ts';

const program = (body: string) =>
  `process.stdin.resume().on('end', () => {}); const say = (x) => console.log(JSON.stringify(x));\n${body}\n`;
const folder = folderWith({
  'good.mjs': program("say({ name: 'run_1', verdict: 'replays', events: 9 }); say({ name: 'run_2', verdict: 'breaks', why: 'event 7' });"),
  'away.mjs': program("say({ error: { code: 'TEMPORAL_NOT_REACHABLE', message: 'nobody answers', reachable: false } });"),
  'crash.mjs': program("console.error('out of memory'); process.exit(7);"),
});
afterAll(() => folder.remove());

const context: Context = {
  out: () => undefined,
  err: () => undefined,
  env: {},
  cwd: folder.path,
  colour: false,
  columns: 100,
  progress: () => undefined,
  interrupted: () => AbortSignal.abort(),
  json: false,
};
async function heard(name: string): Promise<readonly Replayed[]> {
  const found: Replayed[] = [];
  for await (const one of askReplay(context, join(folder.path, name), { runs: ['run_1'] })) found.push(one);
  return found;
}

it('passes on what the program finds, one history after the other', async () => {
  expect((await heard('good.mjs')).map((one) => one.verdict)).toEqual(['replays', 'breaks']);
});

it.each([
  ['away.mjs', { exit: 3, code: 'TEMPORAL_NOT_REACHABLE' }],
  ['crash.mjs', { exit: 1, message: expect.stringContaining('out of memory') }],
  ['nowhere.mjs', { exit: 2, code: 'NOT_BUILT' }],
])('never takes %s for "all replay"', async (name, error) => {
  await expect(heard(name)).rejects.toMatchObject(error);
});

it('asks for a folder that is there', async () => {
  const { code, err } = await cordon(folder.path, 'replay', '--histories', 'nowhere');
  expect([code, err]).toEqual([2, expect.stringContaining('there is no folder nowhere here')]);
});
