// One's own API tokens. A token never has a scope that its person has not, and loses it when they do.
import { z } from 'zod';
import { appendAudit } from '../../store/audit.ts';
import { createToken, listTokens, revokeToken } from '../../store/tokens.ts';
import { whoOf } from '../guard.ts';
import { problem } from '../problems.ts';
import { proveLately, withPassword } from '../proof.ts';
import { newApiToken, tokenHash } from '../secrets.ts';
import { idParams, type Routes } from './route.ts';

const body = z.strictObject({
  name: z.string().trim().min(1).max(120),
  scopes: z
    .array(z.enum(['read', 'alerts:send', 'approve', 'respond', 'publish', 'admin']))
    .min(1)
    .max(6),
  days: z.number().int().min(1).max(366).optional().describe('Until it expires. Default 90.'),
  ...withPassword,
});
const DAY_MS = 86_400_000;

export const tokenRoutes: Routes = (app, { deps, signIn }) => {
  const { db } = deps.store;
  app.get('/tokens', { schema: { tags: ['tokens'], summary: 'Your API tokens' } }, async (request) => ({
    items: await listTokens(db, whoOf(request).person.id),
  }));
  app.post('/tokens', { schema: { tags: ['tokens'], summary: 'Make an API token; it is shown once', body } }, async (request, reply) => {
    const who = whoOf(request);
    const { name, scopes, days } = request.body;
    if (who.person.breakGlass)
      throw problem('FORBIDDEN', 'An account for emergencies has no API tokens: each of its uses is told to people.');
    const missing = scopes.find((scope) => !who.scopes.includes(scope));
    if (missing) throw problem('FORBIDDEN', `Your role ${who.role} does not include the scope ${missing}.`);
    await proveLately(signIn, request, request.body.password);
    const now = deps.now();
    const token = newApiToken();
    const expiresAt = new Date(now.getTime() + (days ?? 90) * DAY_MS);
    const id = await db.transaction().execute(async (trx) => {
      const made = await createToken(trx, { tokenHash: tokenHash(token), personId: who.person.id, name, scopes, expiresAt }, now);
      await appendAudit(trx, 'people', [{ at: now, code: 'token.created', actor: who.person.id, body: { token: made, scopes } }]);
      return made;
    });
    return reply.code(201).send({ id, name, scopes, token, expiresAt: expiresAt.toISOString() });
  });
  app.delete(
    '/tokens/:id',
    { schema: { tags: ['tokens'], summary: 'Revoke one of your tokens', params: idParams } },
    async (request, reply) => {
      const who = whoOf(request);
      const { id } = request.params;
      await db.transaction().execute(async (trx) => {
        if (!(await revokeToken(trx, who.person.id, id, deps.now()))) throw problem('NOT_FOUND', `You have no token ${id}.`);
        await appendAudit(trx, 'people', [{ at: deps.now(), code: 'token.revoked', actor: who.person.id, body: { token: id } }]);
      });
      return reply.code(204).send();
    },
  );
};
