// What else the identity provider keeps: passwords that must be changed, administrative rights, applications, and who signed in.
// Each is a thing of its own beside the account: `user-007/password`, `user-001/privileges`, `app-002`.
import type { Json } from '../../connectors/connector.ts';
import { APPS, type App, absenceOf, adminGroupsOf, PEOPLE, type Person, SIGN_INS } from '../people.ts';
import { badRequest, type Call, notFound, type Outcome, type Route } from '../product.ts';
import { personById } from './find-people.ts';

const MINUTE_MS = 60_000;
const passwordOf = (id: string) => `${id}/password`;
const privilegesOf = (id: string) => `${id}/privileges`;

export const accessSeed = (): readonly (readonly [string, Json])[] => [
  ...PEOPLE.map(({ id }) => [passwordOf(id), { expired: false }] as const),
  ...PEOPLE.map(({ id }) => [privilegesOf(id), { groups: [...adminGroupsOf(id)] }] as const),
  ...APPS.map(({ id }) => [id, { enabled: true }] as const),
];

export const accessRoutes: readonly Route[] = [
  { method: 'GET', path: '/api/v1/users/:id/password', word: null, handle: (call) => showThing(call, passwordOf) },
  {
    method: 'POST',
    path: '/api/v1/users/:id/password/expire',
    word: 'expire',
    handle: (call) => change(call, passwordOf, 'expire', { expired: true }),
  },
  {
    method: 'POST',
    path: '/api/v1/users/:id/password/accept',
    word: 'accept',
    handle: (call) => change(call, passwordOf, 'accept', { expired: false }),
  },
  { method: 'GET', path: '/api/v1/users/:id/privileges', word: null, handle: (call) => showThing(call, privilegesOf) },
  {
    method: 'PUT',
    path: '/api/v1/users/:id/privileges',
    word: 'privileges',
    handle: (call) => {
      const { groups } = call.body;
      if (!Array.isArray(groups) || !groups.every((group) => typeof group === 'string')) return badRequest('groups: a list of names');
      return change(call, privilegesOf, 'privileges', { groups: [...groups].sort() });
    },
  },
  { method: 'GET', path: '/api/v1/signins', word: null, handle: signIns },
  { method: 'GET', path: '/api/v1/inactive', word: null, handle: inactive },
  { method: 'GET', path: '/api/v1/apps', word: null, handle: findApps },
  {
    method: 'GET',
    path: '/api/v1/apps/:id',
    word: null,
    handle: (call) => aboutApp(call, (app) => ({ status: 200, body: showApp(call, app) })),
  },
  {
    method: 'POST',
    path: '/api/v1/apps/:id/disable',
    word: 'disable-app',
    handle: (call) => aboutApp(call, () => ({ status: 200, body: {}, effect: { word: 'disable-app', after: { enabled: false } } })),
  },
  {
    method: 'POST',
    path: '/api/v1/apps/:id/enable',
    word: 'enable-app',
    handle: (call) => aboutApp(call, () => ({ status: 200, body: {}, effect: { word: 'enable-app', after: { enabled: true } } })),
  },
];

function showThing(call: Call, nameOf: (id: string) => string): Outcome {
  const name = nameOf(call.params.id ?? '');
  const thing = call.things.get(name);
  return thing === undefined ? notFound('user') : { status: 200, target: name, body: thing.value };
}

function change(call: Call, nameOf: (id: string) => string, word: string, after: Json): Outcome {
  const found = showThing(call, nameOf);
  return found.status === 404 ? found : { ...found, body: {}, effect: { word, after } };
}

function signIns(call: Call): Outcome {
  const ip = call.query.get('ip');
  if (!ip) return badRequest('filter by ip');
  const newestMinutes = Number(call.query.get('newer_than_s') ?? Number.POSITIVE_INFINITY) / 60;
  const found = SIGN_INS.filter((each) => each.ip === ip && each.ageMinutes <= newestMinutes);
  return {
    status: 200,
    target: ip,
    body: found.map(({ user, succeeded, ageMinutes }) => ({
      user: showPerson(personById.get(user)),
      succeeded,
      at: new Date(call.nowMs - ageMinutes * MINUTE_MS).toISOString(),
    })),
  };
}

function inactive(call: Call): Outcome {
  const days = Number(call.query.get('for_s') ?? Number.NaN) / 86_400;
  if (!(days > 0)) return badRequest('for_s: how long, in seconds');
  const found = PEOPLE.flatMap((person) => {
    const away = absenceOf(person.id);
    return away === undefined || away.days < days ? [] : [{ ...showPerson(person), manager: away.manager, away_days: away.days }];
  });
  return { status: 200, body: found };
}

function aboutApp(call: Call, answer: (app: App) => Outcome): Outcome {
  const app = APPS.find((each) => each.id === call.params.id);
  return app === undefined ? notFound('application') : { target: app.id, ...answer(app) };
}

function findApps(call: Call): Outcome {
  const name = call.query.get('name');
  if (!name) return badRequest('filter by name');
  return { status: 200, body: APPS.filter((app) => app.name === name).map((app) => showApp(call, app)) };
}

function showApp(call: Call, { id, name, publisher, verified, scopes, people }: App) {
  const { enabled } = (call.things.get(id)?.value ?? { enabled: true }) as unknown as { readonly enabled: boolean }; // seeded and changed by this file alone
  return { id, name, publisher, verified, scopes: [...scopes], people, enabled };
}

const showPerson = (person: Person | undefined) => ({ id: person?.id ?? '', name: person?.name ?? '', email: person?.email ?? '' });
