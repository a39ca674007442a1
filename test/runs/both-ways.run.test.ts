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

let world: World;
const nothing = mkdtempSync(join(tmpdir(), 'cordon-both-'));
beforeAll(async () => {
  // What products answer is the scenarios' own: the range's record does not tell of it.
  world = await startWorld({ playbooks: nothing, requestTimeoutMs: 6_000, watched: false });
}, WORLD_WITHIN_MS);
afterAll(async () => {
  await world.close();
  rmSync(nothing, { recursive: true });
});

it.each(plays.map((one) => [one.name, one] as const))(
  '%s: every step ends the same, and every text says the same',
  async (_name, play) => {
    const plan = hurried(play.plan);
    await publishAlone(world, plan);
    const { simulated, real } = await playBothWays(world, plan, play.scenario, { whole: true });
    expect(real).toEqual(simulated);
  },
  60_000,
);

describe.each(shipped.map((one) => [one.name, one] as const))('%s', (_name, { plan, scenarios }) => {
  it('does the same on Temporal as in simulated time', async () => {
    await publishAlone(world, plan);
    const told: Record<'simulated' | 'real', Record<string, unknown>> = { simulated: {}, real: {} };
    for (const [file, scenario] of scenarios) {
      const { simulated, real } = await playBothWays(world, plan, scenario);
      told.simulated[file] = simulated;
      told.real[file] = real;
    }
    expect(told.real).toEqual(told.simulated);
    expect(scenarios.length).toBeGreaterThan(0);
  }, 300_000);
});
