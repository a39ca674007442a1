import { rmSync } from 'node:fs';
import type { TemporalServer } from '../../worker/temporal-server.ts';

export default async function teardown() {
  // Put there by global-setup.ts, in this same process.
  const { server, folder } = Reflect.get(globalThis, '__temporal') as { server: TemporalServer; folder: string };
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
