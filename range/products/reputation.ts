// A reputation service. Verdicts follow from the thing itself, the same every time; a few are known bad.
import { createHash } from 'node:crypto';
import type { Call, Outcome, Product } from '../product.ts';

const ENGINES = 90;

/** Documentation addresses and names, so that samples have something to find. */
const KNOWN: Readonly<Record<string, number>> = {
  '203.0.113.7': 86,
  '198.51.100.23': 88,
  'https://invoices.example/pay?id=4711': 81,
  '275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f': 84, // EICAR's test file
};

export const reputation: Product = {
  name: 'reputation',
  seed: () => new Map(),
  routes: [
    { method: 'GET', path: '/v3/users/me', word: null, handle: () => ({ status: 200, body: { data: { id: 'cordon@range' } } }) },
    { method: 'GET', path: '/v3/ip_addresses/:id', word: null, handle: (call) => report(call.params.id ?? '') },
    { method: 'GET', path: '/v3/files/:id', word: null, handle: (call) => report(call.params.id ?? '') },
    { method: 'GET', path: '/v3/urls/:id', word: null, handle: urlReport },
  ],
};

function urlReport(call: Call): Outcome {
  return report(Buffer.from(call.params.id ?? '', 'base64url').toString('utf8'));
}

function report(thing: string): Outcome {
  const malicious = KNOWN[thing] ?? (createHash('sha256').update(thing).digest()[0] ?? 0) % 6; // 0 to 5 of 90: nothing to speak of
  const stats = { malicious, suspicious: 0, harmless: ENGINES - malicious, undetected: 0 };
  return { status: 200, target: thing, body: { data: { id: thing, attributes: { last_analysis_stats: stats } } } };
}
