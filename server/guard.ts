// Stands before every route: where the request comes from, who sends it, and whether the access table lets them.
import type { FastifyRequest } from 'fastify';
import { atLeast, isRole } from '../policy/roles.ts';
import { isContained } from '../store/contained.ts';
import type { Person } from '../store/people.ts';
import { findSession } from '../store/sessions.ts';
import { findToken } from '../store/tokens.ts';
import { type Access, accessOf } from './access.ts';
import type { Scope } from './contract.ts';
import { readCookie } from './cookie.ts';
import type { ServerDeps } from './deps.ts';
import { problem } from './problems.ts';
import { tokenHash } from './secrets.ts';
import { scopesOf, type Who } from './who.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Throws the problem; sets `request.who` on every route that is not public. */
export async function guard(request: FastifyRequest, deps: ServerDeps): Promise<void> {
  const route = request.routeOptions.url;
  if (route === undefined) return; // answered by the not-found handler, which says nothing
  const access = accessOf(request.method, route);
  if (access === undefined) throw problem('FORBIDDEN', `${request.method} ${route} is open to nobody`);
  if (route.startsWith('/api/')) refuseForeignOrigin(request, deps);
  if (access === 'public') return;
  const who = await identify(request, deps);
  check(who, access);
  // A one-time password is changed by whoever was given it: nothing else is open to them.
  const isFirst = access.beforePasswordChange && who.person.oneTime;
  if (!SAFE.has(request.method) && !access.whileContained && !isFirst) await refuseContained(deps, who);
  if (who.via === 'session') refuseMissingOrigin(request);
  request.who = who;
}

/** The one who asks, on a route that is not public. */
export function whoOf(request: FastifyRequest): Who {
  if (request.who === null) throw problem('SIGN_IN_REQUIRED', 'This needs a signed-in person or an API token.');
  return request.who;
}

/** A browser says where a request was made. Anything but our own address is refused, reading too: live updates carry no CORS check. */
function refuseForeignOrigin(request: FastifyRequest, { publicUrl }: ServerDeps): void {
  const { origin } = request.headers;
  if (origin !== undefined && !isOwn(origin, request.host, publicUrl))
    throw problem('ORIGIN_REFUSED', 'The Origin header names another site.');
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    throw problem('ORIGIN_REFUSED', 'The browser says that another site sent this.');
}

/** Cookies are sent by browsers alone, and those name the origin whenever something is changed. */
function refuseMissingOrigin(request: FastifyRequest): void {
  if (!SAFE.has(request.method) && request.headers.origin === undefined) throw problem('ORIGIN_REFUSED', 'The Origin header is missing.');
}

/** A proxy in front need not hand on the name by which it was called. */
function isOwn(origin: string, host: string, publicUrl: string | undefined): boolean {
  return origin === `http://${host}` || origin === `https://${host}` || (publicUrl !== undefined && origin === new URL(publicUrl).origin);
}

/** Throws when nobody stands behind the request. */
export async function identify(request: FastifyRequest, deps: ServerDeps): Promise<Who> {
  const { authorization } = request.headers;
  return authorization === undefined ? await bySession(request, deps) : await byToken(authorization, deps);
}

async function bySession(request: FastifyRequest, deps: ServerDeps): Promise<Who> {
  const cookie = readCookie(request, deps.secureCookies);
  const hash = cookie === undefined ? undefined : tokenHash(cookie);
  const session = hash === undefined ? undefined : await findSession(deps.store.db, hash, deps.now());
  if (!session) throw problem('SIGN_IN_REQUIRED', 'Nobody is signed in, or the session is over.');
  return { ...whoFor(session.person, 'session', scopesOf(session.person.role)), sessionHash: session.tokenHash, authAt: session.authAt };
}

async function byToken(authorization: string, deps: ServerDeps): Promise<Who> {
  const token = /^Bearer (cdn_[A-Za-z0-9_-]{43})$/.exec(authorization)?.[1];
  const found = token === undefined ? undefined : await findToken(deps.store.db, tokenHash(token), deps.now());
  if (!found) throw problem('TOKEN_REFUSED', 'The token is unknown, revoked or expired, or its owner is disabled.');
  // Each use of such an account is told to people; what a token does would be quiet.
  if (found.person.breakGlass) throw problem('TOKEN_REFUSED', 'An account for emergencies is used by its password, never by a token.');
  const own = scopesOf(found.person.role);
  return whoFor(
    found.person,
    'token',
    own.filter((scope) => found.scopes.includes(scope)),
  );
}

/**
 * An account that we hold because somebody else may have it reads, signs out, and takes tokens and identities away, and does nothing more: it would
 * take its own containment back, or leave a token, an identity or another password behind for afterwards.
 */
async function refuseContained({ store }: ServerDeps, { person }: Who): Promise<void> {
  if (await isContained(store.db, person.id))
    throw problem('CONTAINED', 'Your account is contained: until it is released, others decide and undo.');
}

function whoFor(person: Person, via: Who['via'], scopes: readonly Scope[]): Who {
  if (!isRole(person.role)) throw problem('FORBIDDEN', `Your role ${person.role} is not known to this version.`);
  return { person, role: person.role, via, scopes };
}

function check(who: Who, access: Access): void {
  if (access.sessionOnly && who.via !== 'session') throw problem('SESSION_NEEDED', 'This is for people who are signed in.');
  if (who.via === 'session' && who.person.oneTime && !access.beforePasswordChange) {
    throw problem('PASSWORD_CHANGE_REQUIRED', 'Change the one-time password first.');
  }
  if (!atLeast(who.role, access.role)) throw problem('FORBIDDEN', `This needs the role ${access.role} or above; yours is ${who.role}.`);
  if (!who.scopes.includes(access.scope)) throw problem('SCOPE_MISSING', `This needs a token with the scope ${access.scope}.`);
}
