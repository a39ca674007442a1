// Endpoint protection: isolation answers 202 and becomes true a moment later; on a host that is off, never.
import { pageOf } from '../page.ts';
import { COMPUTERS, type Computer } from '../people.ts';
import { badRequest, type Call, notFound, type Outcome, type Product } from '../product.ts';

interface DeviceValue {
  readonly isolated: boolean;
}

const byId = new Map(COMPUTERS.map((computer) => [computer.id, computer]));

export const edr: Product = {
  name: 'edr',
  seed: () => new Map(COMPUTERS.map(({ id }) => [id, { isolated: false }])),
  routes: [
    { method: 'GET', path: '/v1/whoami', word: null, handle: () => ({ status: 200, body: { client: 'cordon@range' } }) },
    { method: 'GET', path: '/v1/devices', word: null, handle: search },
    {
      method: 'GET',
      path: '/v1/devices/:id',
      word: null,
      handle: (call) => about(call, (found) => ({ status: 200, body: show(call, found) })),
    },
    { method: 'POST', path: '/v1/devices/:id/isolate', word: 'isolate', handle: (call) => change(call, 'isolate', true) },
    { method: 'POST', path: '/v1/devices/:id/release', word: 'release', handle: (call) => change(call, 'release', false) },
  ],
};

function about(call: Call, answer: (computer: Computer) => Outcome): Outcome {
  const computer = byId.get(call.params.id ?? '');
  return computer === undefined ? notFound('device') : { target: computer.id, ...answer(computer) };
}

function change(call: Call, word: string, isolated: boolean): Outcome {
  return about(call, ({ id }) => ({
    status: 202,
    body: { action: word, device: id, state: 'accepted' },
    effect: { word, after: { isolated } },
  }));
}

function search(call: Call): Outcome {
  const hostname = call.query.get('hostname')?.toLowerCase();
  const ip = call.query.get('ip');
  if (call.query.has('limit')) return { status: 200, body: pageOf(COMPUTERS, call).map((each) => show(call, each)) };
  if (!hostname && !ip) return badRequest('filter by hostname or ip');
  return { status: 200, body: COMPUTERS.filter((each) => each.id === hostname || each.ip === ip).map((each) => show(call, each)) };
}

function show(call: Call, { id, ip, online }: Computer) {
  return { id, hostname: id, ip, online, status: deviceStatus(call, id, online) };
}

/** The change is accepted at once; the agent carries it out `settleMs` later. */
export function deviceStatus(call: Pick<Call, 'things' | 'nowMs' | 'settleMs'>, id: string, online: boolean): string {
  const thing = call.things.get(id);
  const { isolated } = (thing?.value ?? { isolated: false }) as unknown as DeviceValue; // seeded and changed by this file alone
  const settled = thing === undefined || thing.atMs === 0 || (online && call.nowMs >= thing.atMs + call.settleMs);
  if (settled) return isolated ? 'isolated' : 'normal';
  return isolated ? 'isolation_pending' : 'release_pending';
}
