// Signing in and out, and one's own password.
import { z } from 'zod';
import { isRole } from '../../policy/roles.ts';
import { appendAudit } from '../../store/audit.ts';
import { endSession, endSessionsOf, openSession } from '../../store/sessions.ts';
import { clearCookie, readCookie, setCookie } from '../cookie.ts';
import { whoOf } from '../guard.ts';
import { newSessionToken, tokenHash } from '../secrets.ts';
import { changePassword, signIn } from '../sign-in.ts';
import { meOf, scopesOf } from '../who.ts';
import type { Routes } from './route.ts';

const password = z.string().min(1).max(256);
const signInBody = z.strictObject({
  login: z.string().min(1).max(128),
  password,
  next: password.optional().describe('A new password, set in the same step. Needed sooner or later where the given one works once only.'),
});
const changeBody = z.strictObject({ current: password, next: password });

export const sessionRoutes: Routes = (app, { deps, signIn: ports }) => {
  app.post('/session', { schema: { tags: ['session'], summary: 'Sign in', body: signInBody } }, async (request, reply) => {
    const person = await signIn(ports, request.body, request.socket.remoteAddress ?? 'unknown');
    const old = readCookie(request, deps.secureCookies);
    if (old !== undefined) await endSession(deps.store.db, tokenHash(old));
    const token = newSessionToken();
    await openSession(deps.store.db, tokenHash(token), person.id, deps.now());
    setCookie(reply, token, deps.secureCookies);
    const role = isRole(person.role) ? person.role : 'viewer';
    return meOf({ person, role, via: 'session', scopes: scopesOf(person.role), authAt: deps.now() });
  });

  app.delete('/session', { schema: { tags: ['session'], summary: 'Sign out' } }, async (request, reply) => {
    const who = whoOf(request);
    if (who.sessionHash !== undefined) await endSession(deps.store.db, who.sessionHash);
    await appendAudit(deps.store.db, 'people', [{ at: deps.now(), code: 'person.signed_out', actor: who.person.id, body: {} }]);
    clearCookie(reply, deps.secureCookies);
    return reply.code(204).send();
  });

  app.get('/me', { schema: { tags: ['session'], summary: 'Who is signed in, and what they may do' } }, async (request) =>
    meOf(whoOf(request)),
  );

  app.post(
    '/me/password',
    { schema: { tags: ['session'], summary: 'Change your password; all your sessions end but a new one', body: changeBody } },
    async (request, reply) => {
      const { person } = whoOf(request);
      await changePassword(ports, person, request.body, request.socket.remoteAddress ?? 'unknown');
      await endSessionsOf(deps.store.db, person.id);
      const token = newSessionToken();
      await openSession(deps.store.db, tokenHash(token), person.id, deps.now());
      setCookie(reply, token, deps.secureCookies);
      return reply.code(204).send();
    },
  );
};
