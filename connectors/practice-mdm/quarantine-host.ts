// host.quarantine: the gateway lets it reach nothing but what mends it.
import { z } from 'zod';
import type { BearerClient } from '../bearer-client.ts';
import { reversible } from '../connector.ts';
import { targetOf } from '../exact-match.ts';
import { host, hostTarget } from '../params.ts';
import { changeDevice, readDevice } from './devices.ts';

export const quarantineHost = reversible({
  verb: 'host.quarantine',
  risk: 'reversible',
  delivery: 'readable',
  input: z.strictObject({ host }),
  output: z.strictObject({ quarantined: z.boolean() }),
  permissions: 'devices:restrict',
  docs: '/mdm/v1/devices/{id}/quarantine',
  example: { host: { name: 'wks-007' } },
  landsWithinMs: 2_000,
  target: hostTarget,
  read: async (client: BearerClient, _, entity, { signal }) => ({
    quarantined: (await readDevice(client, targetOf(entity).id, signal)).quarantined,
  }),
  done: (state) => state.quarantined,
  run: (client, _, entity, __, context) => changeDevice(client, targetOf(entity).id, 'quarantine', context),
  result: (after) => ({ quarantined: after.quarantined }),
  undo: (client, _, entity, before, context) =>
    changeDevice(client, targetOf(entity).id, before.quarantined ? 'quarantine' : 'readmit', context),
  says: (_, entity) => `Put ${targetOf(entity).name} into quarantine`,
  saysUndo: (_, entity) => `Readmit ${targetOf(entity).name}`,
});
