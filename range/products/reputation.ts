// A reputation service. Verdicts follow from the thing itself, the same every time; a few are known bad.
import { createHash } from 'node:crypto';
import type { Call, Outcome, Product } from '../product.ts';

const ENGINES = 90;

/** Engines of 90 that say bad: what the sample alerts are about, and other addresses and names reserved for documentation. */
const KNOWN: Readonly<Record<string, number>> = {
  '203.0.113.50': 72, // bad, but not so sure that nobody need be asked
  '203.0.113.7': 86,
  '198.51.100.23': 88,
  'http://invoices.example.test/sign-in': 81,
  e3b7c1d59a0f4826b1c07d35e9f2a84460cbd8e17f35a92d06b4e1f8c27a9d53: 84,
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
