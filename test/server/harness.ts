// A whole server on a store in memory, with a clock and secrets of the test's own.

import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { sql } from 'kysely';
import { pino } from 'pino';
import { buildServer } from '../../server/app.ts';
import type { ServerDeps } from '../../server/deps.ts';
import { ensureFirstOwner } from '../../server/first-owner.ts';
import { signPost } from '../../server/webhook-signature.ts';
import type { Store } from '../../store/open.ts';
import { sealOf } from '../invariants/seal.ts';
import { openMemoryStore } from '../store/memory-store.ts';

export const NOW = new Date('2026-11-21T12:00:00.000Z');
/** Made up. */
export const SECRET = `whsec_${Buffer.from('made-up-secret-for-tests-0000001').toString('base64')}`;
export const OLD_SECRET = `whsec_${Buffer.from('made-up-secret-for-tests-0000000').toString('base64')}`;
export const OTHER_SECRET = `whsec_${Buffer.from('made-up-secret-for-tests-0000002').toString('base64')}`;
export const BEARER = 'made-up-secret-alertmanager-token';
export const ORIGIN = 'http://localhost:80';
export const PASSWORD = 'made-up-secret horse battery';

export interface Harness {
  readonly app: FastifyInstance;
  readonly deps: ServerDeps;
  readonly store: Store;
  /** Moves the clock. */
  readonly clock: { now: Date };
  /** Crash points that were passed. */
  readonly passed: string[];
  /** Of the first owner. */
  readonly token: string;
  readonly oneTimePassword: string;
  /** Empties the store and makes the first owner anew: opening a store takes seconds. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

export async function startHarness(more: Partial<ServerDeps> = {}): Promise<Harness> {
  const store = more.store ?? (await openMemoryStore());
  const clock = { now: NOW };
  const passed: string[] = [];
  const deps: ServerDeps = {
    store,
    sources: [
      { name: 'plain', type: 'plain', secrets: async () => [SECRET, OLD_SECRET] },
      { name: 'other', type: 'plain', secrets: async () => [OTHER_SECRET] },
      { name: 'alertmanager', type: 'alertmanager', secrets: async () => [BEARER] },
    ],
    log: pino({ level: 'silent' }),
    now: () => clock.now,
    fail: (point) => passed.push(point),
    secureCookies: false,
    ready: async () => undefined,
    version: '0.0.0-test',
    audit: sealOf(),
    ...more,
  };
  const app = await buildServer(deps);
  const credentials = { token: '', oneTimePassword: '' };
  const makeOwner = async (): Promise<void> => {
    const owner = await ensureFirstOwner(store, clock.now, () => undefined);
    Object.assign(credentials, owner.created ? { token: owner.cliToken, oneTimePassword: owner.password } : {});
  };
  await makeOwner();
  return {
    app,
    deps,
    store,
    clock,
    passed,
    get token() {
      return credentials.token;
    },
    get oneTimePassword() {
      return credentials.oneTimePassword;
    },
    async reset() {
      clock.now = NOW;
      await sql`truncate table api_tokens, sessions, people, settings, freezes, suppressions, alerts, incidents, outbox, deliveries, audit_events, audit_heads, audit_checkpoints cascade`.execute(
        store.db,
      );
      await makeOwner();
    },
    async close() {
      await app.close();
      await store.close();
    },
  };
}

export interface SignedWish {
  readonly source?: string;
  readonly id?: string;
  readonly secret?: string;
  readonly timestamp?: string;
  /** Replaces or, when undefined, removes headers. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

let ids = 0;

/** Posts the body as it is, signed. */
export async function post(harness: Harness, body: string | Buffer, wish: SignedWish = {}): Promise<LightMyRequestResponse> {
  ids += 1;
  const bytes = Buffer.from(body);
  const id = wish.id ?? `msg_${ids}`;
  const timestamp = wish.timestamp ?? String(Math.floor(harness.clock.now.getTime() / 1000));
  const headers: Record<string, string | undefined> = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signPost(id, timestamp, bytes, wish.secret ?? SECRET),
    ...wish.headers,
  };
  const given = Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  return await harness.app.inject({ method: 'POST', url: `/hooks/${wish.source ?? 'plain'}`, headers: given, payload: bytes });
}

export const plainAlert = (more: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    id: 'a-1',
    title: 'Impossible travel',
    severity: 'high',
    users: [{ id: 'user-007', email: 'eve.adams@example.test' }],
    ...more,
  });

/** With the owner's token. */
export async function api(
  harness: Harness,
  method: 'GET' | 'POST' | 'DELETE' | 'PATCH',
  url: string,
  payload?: object,
): Promise<LightMyRequestResponse> {
  return await harness.app.inject({
    method,
    url: `/api/v1${url}`,
    headers: { authorization: `Bearer ${harness.token}` },
    ...(payload ? { payload } : {}),
  });
}
