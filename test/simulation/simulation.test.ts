// Random playbooks, alerts, people, faults and kills through everything but sockets: I1 to I13 must hold after every case (npm run sim plays thousands).
// And the proof that it can fail: each invariant has a planted fault that it catches.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { type Case, cases, type PlaybookShape, type StepShape } from './cases.ts';
import { isolate, seedChance } from './isolation.ts';
import type { SimulatedDatabase } from './store.ts';

isolate();
const { openDatabase } = await import('./store.ts');
const { live } = await import('./world.ts');
const { INVARIANTS } = await import('../invariants/evidence.ts');
const { violations } = await import('./invariants.ts');
const { PLANTS } = await import('./plants.ts');

let database: SimulatedDatabase;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(async () => {
  jest.useRealTimers();
  await database.close();
});

/** Two runs that contain one host, one approval each; nothing goes wrong by itself. */
const PLAIN: Case = {
  playbooks: [
    {
      steps: [
        { kind: 'isolate', mood: 0, hold: 0, approve: false },
        { kind: 'disable', mood: 0, hold: 0, approve: true },
      ],
      onFailure: 'keep',
      whenResolved: 'note',
      dedupe: false,
    },
  ],
  alerts: [{ atMs: 100, playbook: 0, host: 0, user: 0, again: false, resolvedAfterMs: 0 }],
  manners: [0],
  faults: [],
  deeds: [],
  kills: [],
  luck: 1,
};

const step = (kind: StepShape['kind'], hold = 0): StepShape => ({ kind, mood: 0, hold, approve: false });
const play = (...steps: readonly StepShape[]): PlaybookShape => ({ steps, onFailure: 'keep', whenResolved: 'note', dedupe: false });

/** The answer to an isolation is lost, and it takes effect two seconds later; meanwhile another run isolates the same host and releases it. */
const CROSSING: Case = {
  ...PLAIN,
  playbooks: [play(step('isolate')), play(step('isolate'), step('undo'))],
  alerts: [0, 1].map((index) => ({ atMs: 100 + index * 500, playbook: index, host: 2, user: 0, again: false, resolvedAfterMs: 0 })),
  faults: [{ word: 'isolate', nth: 1, how: 'late', ms: 1_900 }],
};

/** The same with a release that takes effect late, while another run finds the host isolated and counts on it. */
const OUTDATED: Case = {
  ...PLAIN,
  playbooks: [play(step('isolate'), step('undo')), play(step('isolate'))],
  alerts: [0, 1].map((index) => ({ atMs: 100 + index * 1_000, playbook: index, host: 2, user: 0, again: false, resolvedAfterMs: 0 })),
  faults: [{ word: 'release', nth: 1, how: 'late', ms: 1_900 }],
};

const QUARANTINE: Case = { ...PLAIN, playbooks: [play(step('quarantine'))] };

const CASES = { crossing: CROSSING, quarantine: QUARANTINE };

it('nothing is found where nothing is planted', async () => {
  for (const one of [PLAIN, CROSSING, OUTDATED, QUARANTINE]) {
    seedChance(1);
    expect(await violations(await live(database, one))).toEqual([]);
  }
});

describe.each(INVARIANTS)('%s', (of) => {
  it.each(PLANTS[of])('is seen to be broken: $says', async ({ plant, in: shown }) => {
    seedChance(1);
    const found = await violations(await live(database, shown === undefined ? PLAIN : CASES[shown], plant));
    expect(found.map((violation) => violation.of)).toContain(of);
  });
});

it('the same case twice is the same to the millisecond', async () => {
  const one = { ...CROSSING, kills: [40] };
  const lives = [];
  for (let turn = 0; turn < 2; turn++) {
    seedChance(1);
    lives.push((await live(database, one)).products.lines);
  }
  expect(lives[1]).toEqual(lives[0]);
});

/** Shrunk cases in which a promise was broken once. */
const BROKE: readonly (readonly [string, Case])[] = [
  [
    'a run that goes on in a new history just when its approval expires is not lost',
    {
      playbooks: [
        {
          steps: [
            { kind: 'group', mood: 0, hold: 0, approve: false },
            { kind: 'isolate', mood: 0, hold: 0, approve: false },
          ],
          onFailure: 'keep',
          whenResolved: 'note',
          dedupe: false,
        },
      ],
      alerts: [
        { atMs: 0, playbook: 0, host: 0, user: 0, again: false, resolvedAfterMs: 0 },
        { atMs: 5_144, playbook: 0, host: 1, user: 0, again: false, resolvedAfterMs: 0 },
      ],
      manners: [0, 1, 0],
      faults: [],
      deeds: [{ atMs: 1, what: 'cancel', which: 0 }],
      kills: [],
      luck: 33_601,
    },
  ],
  [
    'people are asked about a group although the product that is looked at says nothing at first',
    { ...PLAIN, playbooks: [play(step('group'))], faults: [{ word: 'read', nth: 1, how: 'hang', ms: 100 }] },
  ],
];

it.each(BROKE)('%s', async (_, one) => {
  seedChance(one.luck);
  expect(await violations(await live(database, one))).toEqual([]);
});

const SEED = Number(process.env.CORDON_SIM_SEED ?? 1);
const RUNS = Number(process.env.CORDON_SIM_RUNS ?? 6);
const PATH = process.env.CORDON_SIM_PATH;

it('whatever happens, in whatever order, all promises hold', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (one) => {
      seedChance(one.luck);
      expect(await violations(await live(database, one))).toEqual([]);
    }),
    { seed: SEED, numRuns: RUNS, ...(PATH === undefined ? {} : { path: PATH }) },
  );
});
