import { expect, it } from '@jest/globals';
import { CASES } from './cases.ts';
import { chaos, table, violated } from './chaos.ts';

// The short version of `npm run chaos`: every moment once, each with effects that happen at once and with effects that land late.
it('a kill -9 of everything, at every moment that matters, loses nothing and does nothing twice', async () => {
  const lines: string[] = [];
  const chains = await chaos({ cases: CASES, seeds: [1], lates: [false, true], atOnce: 2, log: (line) => lines.push(line) });
  expect({ violations: violated(chains), said: lines.filter((line) => !line.startsWith('✓')) }).toEqual({ violations: 0, said: [] });
  expect(chains).toHaveLength(CASES.length * 2);
  console.log(table(chains));
}, 900_000);
