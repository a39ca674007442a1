// host.lookup: the device as the EDR knows it.
import { z } from 'zod';
import type { BearerClient } from '../bearer-client.ts';
import { read } from '../connector.ts';
import { theOnly } from '../exact-match.ts';
import { host, hostTarget } from '../params.ts';
import { findHosts, isIsolated, readDevice } from './devices.ts';

export const lookupHost = read({
  verb: 'host.lookup',
  risk: 'read',
  input: z.strictObject({ host }),
  output: z.strictObject({ host, isolated: z.boolean(), online: z.boolean() }),
  permissions: 'devices:read',
  docs: '/edr/v1/devices',
  example: { host: { name: 'wks-007' } },
  target: hostTarget,
  run: async (client: BearerClient, input, context, entity) => {
    const found = entity ?? theOnly('host', await findHosts(client, input.host, context.signal));
    const device = await readDevice(client, found.id, context.signal);
    return { host: { id: device.id, name: device.hostname, ip: device.ip }, isolated: isIsolated(device), online: device.online };
  },
});
