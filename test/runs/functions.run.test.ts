// Within a workflow the built-ins are hardened, modules are frozen, and TextEncoder belongs to another realm: what a function gives must not depend on that.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { SAMPLES } from '../../alerts/samples.ts';
import { FUNCTIONS } from '../../language/cel/functions/functions.ts';
import { startWorld, WORLD_WITHIN_MS, type World } from './world.ts';

/** Each example of the table of functions, and a stop under its name where it gives another value. JSON is CEL, and YAML too. */
function examplesPlaybook(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-playbooks-'));
  const differs = FUNCTIONS.map(({ name, example: [source, value] }) => ({
    when: `!(dyn(${source}) == dyn(${JSON.stringify(value)}))`,
    stop: { outcome: `differs-${name.replaceAll('_', '-').toLowerCase()}` },
  }));
  mkdirSync(join(folder, 'examples'));
  writeFileSync(
    join(folder, 'examples', 'playbook.yaml'),
    JSON.stringify({
      playbook: 'examples',
      title: 'The examples of the functions',
      owner: 'tests',
      triggers: [{ alert: { source: ['plain'] } }],
      steps: [...differs, { stop: { outcome: 'all-the-same' } }],
    }),
  );
  return folder;
}

let world: World;
beforeAll(async () => {
  world = await startWorld({ playbooks: examplesPlaybook() });
}, WORLD_WITHIN_MS);
afterAll(async () => {
  await world.close();
});

it('every function gives its example in a workflow too, the second run in the same context as the first', async () => {
  for (const id of ['first', 'second']) {
    const run = await world.run(await world.alert({ ...SAMPLES.malware, id, title: `The ${id} of two` }));
    expect(await world.ended(run.id)).toMatchObject({ outcome: 'all-the-same' });
  }
});
