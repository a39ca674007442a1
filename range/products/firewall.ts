// A firewall with block lists of single addresses and of domains.
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
    {
      method: 'GET',
      path: '/api/v1/domains/:domain',
      word: null,
      handle: (call) => aboutDomain(call, (domain, blocked) => (blocked ? { status: 200, body: { domain } } : notFound('entry'))),
    },
    {
      method: 'PUT',
      path: '/api/v1/domains/:domain',
      word: 'block-domain',
      handle: (call) =>
        aboutDomain(call, (domain) => ({ status: 200, body: { domain }, effect: { word: 'block-domain', after: { blocked: true } } })),
    },
    {
      method: 'DELETE',
      path: '/api/v1/domains/:domain',
      word: 'unblock-domain',
      handle: (call) =>
        aboutDomain(call, (_, blocked) => ({
          ...(blocked ? { status: 204 } : notFound('entry')),
          effect: { word: 'unblock-domain', after: { blocked: false } },
        })),
    },
  ],
};

function about(call: Call, answer: (ip: string, blocked: boolean) => Outcome): Outcome {
  const ip = call.params.ip ?? '';
  if (isIP(ip) === 0) return badRequest('one IP address, no network');
  return { target: ip, ...answer(ip, isBlocked(call, ip)) };
}

function aboutDomain(call: Call, answer: (domain: string, blocked: boolean) => Outcome): Outcome {
  const domain = call.params.domain ?? '';
  if (!/^(?=.{4,253}$)([a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}$/.test(domain)) return badRequest('one domain, in small letters');
  return { target: domain, ...answer(domain, isBlocked(call, domain)) };
}

function isBlocked(call: Call, entry: string): boolean {
  const value = call.things.get(entry)?.value as BlockValue | undefined; // changed by this file alone
  return value?.blocked ?? false;
}
