// host.compliance: what the management of devices finds wanting.
import { z } from 'zod';
import type { BearerClient } from '../bearer-client.ts';
import { read } from '../connector.ts';
import { theOnly } from '../exact-match.ts';
import { host, hostTarget } from '../params.ts';
import { findDevices, readDevice } from './devices.ts';

export const checkCompliance = read({
  verb: 'host.compliance',
  risk: 'read',
  input: z.strictObject({ host }),
  output: z.strictObject({ compliant: z.boolean(), shortcomings: z.array(z.string()).readonly(), quarantined: z.boolean() }),
  permissions: 'devices:read',
  docs: '/mdm/v1/devices/{id}',
  example: { host: { name: 'wks-003' } },
  target: hostTarget,
  run: async (client: BearerClient, input, { signal }, entity) => {
    const found = entity ?? theOnly('host', await findDevices(client, input.host, signal));
    const { shortcomings, quarantined } = await readDevice(client, found.id, signal);
    return { compliant: shortcomings.length === 0, shortcomings, quarantined };
  },
});
