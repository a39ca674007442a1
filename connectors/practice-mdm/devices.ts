// The practice device management's API: devices, what is wanting of them, and what was done to them.
import { z } from 'zod';
import { type BearerClient, parsed } from '../bearer-client.ts';
import type { CallContext, Entity, EntityRef } from '../connector.ts';
import { matchExactly } from '../exact-match.ts';

const device = z.object({
  id: z.string(),
  name: z.string(),
  ip: z.string(),
  shortcomings: z.array(z.string()),
  quarantined: z.boolean(),
  locked: z.boolean(),
  wiped: z.boolean(),
});

export type Device = z.infer<typeof device>;

export async function findDevices(client: BearerClient, ref: EntityRef, signal: AbortSignal): Promise<readonly Entity[]> {
  const search = async (query: Readonly<Record<string, string>>) =>
    parsed(z.array(device), await client.get({ path: '/v1/devices', query, signal })).map(toEntity);
  const byId = async (id: string) => {
    const answer = await client.find({ path: '/v1/devices/{id}', params: { id }, signal });
    return answer === undefined ? [] : [toEntity(parsed(device, answer))];
  };
  return matchExactly('host', ref, { id: byId, name: (name) => search({ name }), ip: (ip) => search({ ip }) });
}

export async function readDevice(client: BearerClient, id: string, signal: AbortSignal): Promise<Device> {
  return parsed(device, await client.get({ path: '/v1/devices/{id}', params: { id }, signal }));
}

export async function changeDevice(
  client: BearerClient,
  id: string,
  to: 'quarantine' | 'readmit' | 'lock' | 'unlock' | 'wipe',
  context: CallContext,
): Promise<void> {
  await client.change({ method: 'POST', path: '/v1/devices/{id}/{to}', params: { id, to } }, context);
}

function toEntity({ id, name, ip }: Device): Entity {
  return { kind: 'host', id, name, aliases: [ip] };
}
