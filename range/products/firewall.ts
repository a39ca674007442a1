// A firewall with a block list of single addresses.
import { isIP } from 'node:net';
import { badRequest, type Call, notFound, type Outcome, type Product } from '../product.ts';

interface BlockValue {
  readonly blocked: boolean;
}

export const firewall: Product = {
  name: 'firewall',
  seed: () => new Map(),
  routes: [
    { method: 'GET', path: '/api/v1/whoami', word: null, handle: () => ({ status: 200, body: { admin: 'cordon@range' } }) },
    {
      method: 'GET',
      path: '/api/v1/blocklist/:ip',
      word: null,
      handle: (call) => about(call, (ip, blocked) => (blocked ? { status: 200, body: { ip } } : notFound('entry'))),
    },
    {
      method: 'PUT',
      path: '/api/v1/blocklist/:ip',
      word: 'block',
      handle: (call) =>
        about(call, (ip, blocked) => ({ status: blocked ? 200 : 201, body: { ip }, effect: { word: 'block', after: { blocked: true } } })),
    },
    {
      method: 'DELETE',
      path: '/api/v1/blocklist/:ip',
      word: 'unblock',
      handle: (call) =>
        about(call, (_, blocked) => ({
          ...(blocked ? { status: 204 } : notFound('entry')),
          effect: { word: 'unblock', after: { blocked: false } },
        })),
    },
  ],
};

function about(call: Call, answer: (ip: string, blocked: boolean) => Outcome): Outcome {
  const ip = call.params.ip ?? '';
  if (isIP(ip) === 0) return badRequest('one IP address, no network');
  const value = call.things.get(ip)?.value as BlockValue | undefined; // changed by this file alone
  return { target: ip, ...answer(ip, value?.blocked ?? false) };
}
