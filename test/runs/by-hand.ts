// Somebody at the product itself: what Cordon is not asked for, and does not know of.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, type World } from './world.ts';

export async function changeByHand(world: World, host: string, to: 'isolate' | 'release'): Promise<void> {
  world.notes.foreign.add(host);
  const token = readFileSync(join(world.folder, 'secrets', 'range-edr'), 'utf8').trim();
  const device = `${world.range.url}/edr/v1/devices/${host}`;
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${device}/${to}`, { method: 'POST', headers });
  if (answer.status !== 202) throw new Error(`${to} by hand: ${answer.status}`);
  // A 202 is a promise: the device has changed a moment later.
  const wanted = to === 'isolate' ? 'isolated' : 'normal';
  const changed = async () => ((await (await fetch(device, { headers })).text()).includes(`"${wanted}"`) ? true : undefined);
  await eventually(changed, `${host} to be ${wanted}`);
}
