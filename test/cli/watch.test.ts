import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { watchPaths } from '../../cli/watch.ts';
import { folderWith } from './run.ts';

const folder = folderWith({ 'p/playbook.yaml': 'a: 1\n', 'p/scenarios/s.yaml': 'b: 1\n' });
const ended = new AbortController();
afterEach(() => {
  ended.abort();
  folder.remove();
});

it('hears of a change below a watched folder, and ends when it is told to', async () => {
  let changes = 0;
  let heard: () => void = () => undefined;
  const first = new Promise<void>((resolve) => {
    heard = resolve;
  });
  const watching = watchPaths(
    [join(folder.path, 'p/playbook.yaml')],
    () => {
      changes += 1;
      heard();
    },
    ended.signal,
  );
  writeFileSync(join(folder.path, 'p/scenarios/s.yaml'), 'b: 2\n');
  await first;
  ended.abort();
  await watching;
  expect(changes).toBeGreaterThan(0);
});
