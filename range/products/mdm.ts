// Management of devices: whether a host is as it must be, its quarantine, its lock, and its end.
import { COMPUTERS, type Computer, shortcomingsOf } from '../people.ts';
import { badRequest, type Call, notFound, type Outcome, type Product } from '../product.ts';

interface DeviceValue {
  readonly quarantined: boolean;
  readonly locked: boolean;
  /** Asked for; the device erases itself when it is next seen. */
  readonly wiped: boolean;
}

const byId = new Map(COMPUTERS.map((computer) => [computer.id, computer]));
const FRESH: DeviceValue = { quarantined: false, locked: false, wiped: false };

const CHANGES: Readonly<Record<string, Partial<DeviceValue>>> = {
  quarantine: { quarantined: true },
  readmit: { quarantined: false },
  lock: { locked: true },
  unlock: { locked: false },
  wipe: { wiped: true },
};

export const mdm: Product = {
  name: 'mdm',
  seed: () => new Map(COMPUTERS.map(({ id }) => [id, { ...FRESH }])),
  routes: [
    { method: 'GET', path: '/v1/session', word: null, handle: () => ({ status: 200, body: { account: 'cordon@range' } }) },
    { method: 'GET', path: '/v1/devices', word: null, handle: search },
    {
      method: 'GET',
      path: '/v1/devices/:id',
      word: null,
      handle: (call) => about(call, (found) => ({ status: 200, body: show(call, found) })),
    },
    ...Object.entries(CHANGES).map(([word, change]) => ({
      method: 'POST' as const,
      path: `/v1/devices/:id/${word}`,
      word,
      handle: (call: Call) =>
        about(call, ({ id }) => ({ status: 200, body: {}, effect: { word, after: { ...standing(call, id), ...change } } })),
    })),
  ],
};

// Seeded for each device, and changed by this file alone.
const standing = (call: Call, id: string) => (call.things.get(id)?.value ?? FRESH) as unknown as DeviceValue;

function about(call: Call, answer: (computer: Computer) => Outcome): Outcome {
  const computer = byId.get(call.params.id ?? '');
  return computer === undefined ? notFound('device') : { target: computer.id, ...answer(computer) };
}

function search(call: Call): Outcome {
  const name = call.query.get('name')?.toLowerCase();
  const ip = call.query.get('ip');
  if (!name && !ip) return badRequest('filter by name or ip');
  return { status: 200, body: COMPUTERS.filter((each) => each.id === name || each.ip === ip).map((each) => show(call, each)) };
}

function show(call: Call, { id, ip, owner }: Computer) {
  return { id, name: id, ip, owner, shortcomings: [...shortcomingsOf(id)], ...standing(call, id) };
}
