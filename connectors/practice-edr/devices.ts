// The practice EDR's API: devices and their isolation, which takes a moment.
import { z } from 'zod';
import { type BearerClient, parsed } from '../bearer-client.ts';
import type { Entity, EntityRef } from '../connector.ts';
import { matchExactly } from '../exact-match.ts';

const device = z.object({
  id: z.string(),
  hostname: z.string(),
  ip: z.string(),
  status: z.enum(['normal', 'isolation_pending', 'isolated', 'release_pending']),
  online: z.boolean(),
});

export type Device = z.infer<typeof device>;

export async function findHosts(client: BearerClient, ref: EntityRef, signal: AbortSignal): Promise<readonly Entity[]> {
  const search = async (query: Readonly<Record<string, string>>) =>
    parsed(z.array(device), await client.get({ path: '/v1/devices', query, signal })).map(toEntity);
  const byId = async (id: string) => {
    const answer = await client.find({ path: '/v1/devices/{id}', params: { id }, signal });
    return answer === undefined ? [] : [toEntity(parsed(device, answer))];
  };
  return matchExactly('host', ref, { id: byId, name: (hostname) => search({ hostname }), ip: (ip) => search({ ip }) });
}

const PAGE = 200;

export async function* listHosts(client: BearerClient, signal: AbortSignal): AsyncIterable<readonly Entity[]> {
  let after = '';
  for (;;) {
    const query = { limit: String(PAGE), ...(after === '' ? {} : { after }) };
    const page = parsed(z.array(device), await client.get({ path: '/v1/devices', query, signal }));
    yield page.map(toEntity);
    const last = page.at(-1);
    if (page.length < PAGE || !last) return;
    after = last.id;
  }
}

export async function readDevice(client: BearerClient, id: string, signal: AbortSignal): Promise<Device> {
  return parsed(device, await client.get({ path: '/v1/devices/{id}', params: { id }, signal }));
}

/** Cut off now? On its way there is not there, and on its way out is still in. */
export const isIsolated = (found: Device): boolean => found.status === 'isolated' || found.status === 'release_pending';

function toEntity({ id, hostname, ip }: Device): Entity {
  return { kind: 'host', id, name: hostname, aliases: [ip] };
}
