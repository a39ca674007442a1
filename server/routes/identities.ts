// One's own identities at other products: what a link would bind, binding it, and taking it back. Reading changes nothing.
import { z } from 'zod';
import { bindIdentity, listIdentities, readLink, unbindIdentity } from '../../store/identities.ts';
import type { ServerDeps } from '../deps.ts';
import { whoOf } from '../guard.ts';
import { problem } from '../problems.ts';
import { tokenHash } from '../secrets.ts';
import type { Who } from '../who.ts';
import { idParams, type Routes } from './route.ts';

const linkBody = z.strictObject({ token: z.string().min(1).max(200).describe('What stands behind "#" in the link.') });

export const identityRoutes: Routes = (app, { deps }) => {
  const { db } = deps.store;
  app.get('/me/identities', { schema: { tags: ['session'], summary: 'Your identities at other products' } }, async (request) => ({
    items: await listIdentities(db, whoOf(request).person.id),
  }));
  app.post(
    '/me/identities/look',
    { schema: { tags: ['session'], summary: 'What a link would bind to you; it stays unused', body: linkBody } },
    async (request) => {
      const { provider, realm, externalId, externalName } = await linkFor(deps, whoOf(request), request.body.token);
      return { provider, realm, externalId, externalName };
    },
  );
  app.post(
    '/me/identities',
    { schema: { tags: ['session'], summary: 'Confirm that the identity of a link is yours', body: linkBody } },
    async (request, reply) => {
      const who = whoOf(request);
      await linkFor(deps, who, request.body.token);
      const bound = await bindIdentity(db, tokenHash(request.body.token), who.person.id, deps.now());
      if (bound === 'link') throw problem('LINK_OVER', 'The link was used already, or is too old.');
      if (bound === 'taken') throw problem('IDENTITY_TAKEN', 'This identity is bound to somebody already.');
      return reply.code(201).send(bound);
    },
  );
  app.delete(
    '/me/identities/:id',
    { schema: { tags: ['session'], summary: 'Take an identity back: its clicks count no more', params: idParams } },
    async (request, reply) => {
      const isOwn = await unbindIdentity(db, request.params.id, whoOf(request).person.id, deps.now());
      if (!isOwn) throw problem('NOT_FOUND', `You have no identity ${request.params.id}.`);
      return reply.code(204).send();
    },
  );
};

/** Somebody may have been sent another's link: where both addresses are known, they must be the same. */
async function linkFor(deps: ServerDeps, { person }: Who, token: string) {
  const link = await readLink(deps.store.db, tokenHash(token), deps.now());
  if (!link) throw problem('LINK_OVER', 'The link was used already, or is too old.');
  const row = await deps.store.db.selectFrom('people').select('email').where('id', '=', person.id).executeTakeFirst();
  const own = [row?.email, person.login].flatMap((one) => (one?.includes('@') === true ? [one.toLowerCase()] : []));
  if (link.externalEmail !== null && own.length > 0 && !own.includes(link.externalEmail))
    throw problem('IDENTITY_OTHER', `The ${link.provider} account ${link.externalName} has another address than yours.`);
  return link;
}
