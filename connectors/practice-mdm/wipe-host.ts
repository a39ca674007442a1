// host.wipe: everything on the device is erased. There is no way back.
import { z } from 'zod';
import type { BearerClient } from '../bearer-client.ts';
import { readable } from '../connector.ts';
import { targetOf } from '../exact-match.ts';
import { host, hostTarget } from '../params.ts';
import { changeDevice, readDevice } from './devices.ts';

export const wipeHost = readable({
  verb: 'host.wipe',
  risk: 'destructive',
  delivery: 'readable',
  input: z.strictObject({ host }),
  output: z.strictObject({ wiped: z.boolean() }),
  permissions: 'devices:wipe',
  docs: '/mdm/v1/devices/{id}/wipe',
  example: { host: { name: 'wks-007' } },
  landsWithinMs: 2_000,
  target: hostTarget,
  read: async (client: BearerClient, _, entity, { signal }) => ({ wiped: (await readDevice(client, targetOf(entity).id, signal)).wiped }),
  done: (state) => state.wiped,
  run: (client, _, entity, __, context) => changeDevice(client, targetOf(entity).id, 'wipe', context),
  result: (after) => ({ wiped: after.wiped }),
  says: (_, entity) => `Erase everything on ${targetOf(entity).name}; it cannot be undone`,
});
