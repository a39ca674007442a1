// A cloud: people have access keys, and a key is in force or not.
import { ACCESS_KEYS, type AccessKey } from '../people.ts';
import { type Call, notFound, type Outcome, type Product } from '../product.ts';
import { findPeople, personById } from './find-people.ts';

interface KeyValue {
  readonly active: boolean;
}

const byId = new Map(ACCESS_KEYS.map((key) => [key.id, key]));

export const cloud: Product = {
  name: 'cloud',
  seed: () => new Map(ACCESS_KEYS.map(({ id }) => [id, { active: true }])),
  routes: [
    { method: 'GET', path: '/v1/identity', word: null, handle: () => ({ status: 200, body: { principal: 'cordon@range' } }) },
    { method: 'GET', path: '/v1/users', word: null, handle: findPeople },
    { method: 'GET', path: '/v1/users/:id/keys', word: null, handle: keysOf },
    {
      method: 'GET',
      path: '/v1/keys/:id',
      word: null,
      handle: (call) => about(call, (key) => ({ status: 200, body: show(call, key) })),
    },
    { method: 'POST', path: '/v1/keys/:id/deactivate', word: 'deactivate', handle: (call) => change(call, 'deactivate', false) },
    { method: 'POST', path: '/v1/keys/:id/activate', word: 'activate', handle: (call) => change(call, 'activate', true) },
  ],
};

function keysOf(call: Call): Outcome {
  const person = personById.get(call.params.id ?? '');
  if (person === undefined) return notFound('user');
  return { status: 200, target: person.id, body: ACCESS_KEYS.filter((key) => key.owner === person.id).map((key) => show(call, key)) };
}

function about(call: Call, answer: (key: AccessKey) => Outcome): Outcome {
  const key = byId.get(call.params.id ?? '');
  return key === undefined ? notFound('key') : { target: key.id, ...answer(key) };
}

function change(call: Call, word: string, active: boolean): Outcome {
  return about(call, () => ({ status: 200, body: {}, effect: { word, after: { active } } }));
}

function show(call: Call, { id, owner, idleDays }: AccessKey) {
  const { active } = (call.things.get(id)?.value ?? { active: true }) as unknown as KeyValue; // seeded and changed by this file alone
  return { id, owner, active, idle_days: idleDays };
}
