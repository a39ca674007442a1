// host.lock: for everybody, its owner too.
import { z } from 'zod';
import type { BearerClient } from '../bearer-client.ts';
import { reversible } from '../connector.ts';
import { targetOf } from '../exact-match.ts';
import { host, hostTarget } from '../params.ts';
import { changeDevice, readDevice } from './devices.ts';

export const lockHost = reversible({
  verb: 'host.lock',
  risk: 'reversible',
  delivery: 'readable',
  input: z.strictObject({ host }),
  output: z.strictObject({ locked: z.boolean() }),
  permissions: 'devices:lock',
  docs: '/mdm/v1/devices/{id}/lock',
  example: { host: { name: 'wks-007' } },
  landsWithinMs: 2_000,
  target: hostTarget,
  read: async (client: BearerClient, _, entity, { signal }) => ({
    locked: (await readDevice(client, targetOf(entity).id, signal)).locked,
  }),
  done: (state) => state.locked,
  run: (client, _, entity, __, context) => changeDevice(client, targetOf(entity).id, 'lock', context),
  result: (after) => ({ locked: after.locked }),
  undo: (client, _, entity, before, context) => changeDevice(client, targetOf(entity).id, before.locked ? 'lock' : 'unlock', context),
  says: (_, entity) => `Lock ${targetOf(entity).name}`,
  saysUndo: (_, entity) => `Unlock ${targetOf(entity).name}`,
});
