// The scenarios run the same engine and the same policy as production. Every shipped scenario runs twice: as `cordon test` does it, and on a real
// Temporal server with the practice range. None is left out: people, silence, what products answer and what policy refuses are played in both worlds.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { namesOf } from '../../engine/simulation/outline.ts';
import { readPlaybook } from '../../language/parse.ts';
import { readScenario, type Scenario } from '../../language/scenario.ts';
import { playBothWays, publishAlone } from './both-ways/both-ways.ts';
import { plays } from './both-ways/plays.ts';
import { dealer, hurried } from './both-ways/prepare.ts';
import { playSideBySide } from './both-ways/side-by-side.ts';
import { startWorld, WORLD_WITHIN_MS, type World } from './world.ts';

const deal = dealer();
const shipped = readdirSync('playbooks').map((name) => {
  const { plan } = readPlaybook(readFileSync(join('playbooks', name, 'playbook.yaml'), 'utf8'), name);
  if (!plan) throw new Error(`${name} is broken`);
  const folder = join('playbooks', name, 'scenarios');
  const scenarios = readdirSync(folder).map((file): readonly [string, Scenario] => {
    const { scenario } = readScenario(readFileSync(join(folder, file), 'utf8'), file, namesOf(plan));
    if (!scenario) throw new Error(`${name}/${file} is broken`);
    return [`${name}/${file}`, deal(scenario)];
  });
  return { name, plan: hurried(plan), scenarios };
});

/** Worlds at once. Each has a store, a range and a namespace of its own; more of them would make waits that race with people late. */
const WORLDS = 3;
const WITHIN_MS = 300_000;

interface Told {
  readonly simulated: unknown;
  readonly real: unknown;
}

let worlds: readonly World[] = [];
let played: ReadonlyMap<string, Promise<Told>> = new Map();
const nothing = mkdtempSync(join(tmpdir(), 'cordon-both-'));
beforeAll(async () => {
  // What products answer is the scenarios' own: the range's record does not tell of it.
  const options = { playbooks: nothing, requestTimeoutMs: 6_000, watched: false };
  worlds = await Promise.all(Array.from({ length: WORLDS }, async () => await startWorld(options)));
  played = playSideBySide(worlds, [...shippedJobs, ...plays.map((play) => [play.name, playOf(play)] as const)]);
}, WORLD_WITHIN_MS);
afterAll(async () => {
  await Promise.allSettled(played.values());
  for (const world of worlds) await world.close();
  rmSync(nothing, { recursive: true });
}, WITHIN_MS);

const playOf =
  ({ plan: written, scenario }: (typeof plays)[number]) =>
  async (world: World): Promise<Told> => {
    const plan = hurried(written);
    await publishAlone(world, plan);
    return await playBothWays(world, plan, scenario, { whole: true });
  };

/** Those with most scenarios first, so that none is alone at the end. */
const shippedJobs = shipped
  .toSorted((a, b) => b.scenarios.length - a.scenarios.length)
  .map(({ name, plan, scenarios }) => {
    const play = async (world: World): Promise<Told> => {
      await publishAlone(world, plan);
      const told: Record<'simulated' | 'real', Record<string, unknown>> = { simulated: {}, real: {} };
      for (const [file, scenario] of scenarios) {
        const { simulated, real } = await playBothWays(world, plan, scenario);
        told.simulated[file] = simulated;
        told.real[file] = real;
      }
      return told;
    };
    return [name, play] as const;
  });

async function toldOf(name: string): Promise<Told> {
  const told = await played.get(name);
  if (!told) throw new Error(`${name} was not played`);
  return told;
}

it.each(plays.map(({ name }) => name))(
  '%s: every step ends the same, and every text says the same',
  async (name) => {
    const { simulated, real } = await toldOf(name);
    expect(real).toEqual(simulated);
  },
  WITHIN_MS,
);

describe.each(shipped)('$name', ({ name, scenarios }) => {
  it(
    'does the same on Temporal as in simulated time',
    async () => {
      const { simulated, real } = await toldOf(name);
      expect(real).toEqual(simulated);
      expect(scenarios.length).toBeGreaterThan(0);
    },
    WITHIN_MS,
  );
});
