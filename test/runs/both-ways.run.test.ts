// The scenarios run the same engine and the same policy as production. Every shipped scenario runs twice: as `cordon test` does it, and on a real
// Temporal server with the practice range. Left out, each for one of the reasons of both-ways.ts: where nothing starts, where waiting is the point,
// where a person cancels, where an effect is to answer as the range never does, and where the range knows no such target.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { namesOf } from '../../engine/simulation/outline.ts';
import { readPlaybook } from '../../language/parse.ts';
import { readScenario, type Scenario } from '../../language/scenario.ts';
import { inSimulatedTime, onTemporal, tellSimulation, whyLeftOut, withOwnPeople, withPolicysApprover } from './both-ways.ts';
import { startWorld, WORLD_WITHIN_MS } from './world.ts';

const shipped = readdirSync('playbooks').map((name) => {
  const { plan } = readPlaybook(readFileSync(join('playbooks', name, 'playbook.yaml'), 'utf8'), name);
  if (!plan) throw new Error(`${name} is broken`);
  const folder = join('playbooks', name, 'scenarios');
  const scenarios = readdirSync(folder).map((file): readonly [string, Scenario] => {
    const { scenario } = readScenario(readFileSync(join(folder, file), 'utf8'), file, namesOf(plan));
    if (!scenario) throw new Error(`${name}/${file} is broken`);
    return [file, withPolicysApprover(plan, withOwnPeople(scenario))];
  });
  return { name, plan, scenarios };
});

/** Only this playbook is published: what others would do with the same alert is not looked at here. */
function folderOf(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-both-'));
  mkdirSync(join(folder, name));
  cpSync(join('playbooks', name, 'playbook.yaml'), join(folder, name, 'playbook.yaml'));
  return folder;
}

describe.each(shipped.map((one) => [one.name, one] as const))('%s', (name, { plan, scenarios }) => {
  it(
    'does the same on Temporal as in simulated time',
    async () => {
      const folder = folderOf(name);
      const world = await startWorld({ playbooks: folder });
      const compared: string[] = [];
      const leftOut: string[] = [];
      try {
        for (const [file, scenario] of scenarios) {
          const simulated = inSimulatedTime(plan, scenario);
          const why = whyLeftOut(plan, scenario, simulated?.simulation);
          if (why !== undefined || !simulated) {
            leftOut.push(`${file}: ${why ?? 'starts nothing'}`);
            continue;
          }
          const real = await onTemporal(world, plan, scenario, simulated.given);
          if (typeof real === 'string') {
            leftOut.push(`${file}: ${real}`);
            continue;
          }
          expect({ file, ...real }).toEqual({ file, ...tellSimulation(plan, simulated.simulation) });
          compared.push(file);
        }
        // A playbook of which nothing can be compared would be held by nothing.
        expect({ leftOut, compared: compared.length > 0 }).toEqual({ leftOut, compared: true });
      } finally {
        await world.close();
        rmSync(folder, { recursive: true });
      }
    },
    WORLD_WITHIN_MS + 300_000,
  );
});
