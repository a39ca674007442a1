// The ledger: what is contained now, and letting go of it.
import { z } from 'zod';
import { ownDebt, settleDebt } from '../../store/debts.ts';
import { renewHold, transferHold } from '../../store/hold-changes.ts';
import { requestRelease } from '../../store/undo.ts';
import { listHolds, readHoldRow } from '../../store/views/holds.ts';
import { parseDuration } from '../duration.ts';
import { whoOf } from '../guard.ts';
import { problem } from '../problems.ts';
import { found, idParams, pageQuery, type Routes, reasonText } from './route.ts';

const listQuery = pageQuery.extend({
  state: z
    .enum(['open', 'active', 'releasing', 'released', 'foreign', 'debt', 'settled', 'drifted'])
    .optional()
    .describe('`open`: whatever may still be in force. `drifted`: held, but found no longer in force.'),
  run: z.string().max(64).optional(),
  entity: z.string().max(600).optional(),
  incident: z.string().max(64).optional(),
});
const releaseBody = z.strictObject({ reason: reasonText.optional() });
const settleBody = z.strictObject({ reason: reasonText.min(1) });
const ownerBody = releaseBody.extend({ owner: z.string().trim().min(1).max(200).describe('A person, role or team.') });
const transferBody = settleBody.extend({ to: z.string().max(64).describe('The run.') });
const weekMs = () => 7 * 86_400_000;
const renewBody = releaseBody.extend({ for: z.string().max(20).describe('From now on: 30m, 8h, 7d. At most 90d.') });

export const holdRoutes: Routes = (app, { deps }) => {
  const { store } = deps;
  app.get('/holds', { schema: { tags: ['holds'], summary: 'Ledger entries, newest first', querystring: listQuery } }, async (request) =>
    listHolds(store.db, request.query),
  );
  app.get('/holds/:id', { schema: { tags: ['holds'], summary: 'One ledger entry', params: idParams } }, async (request) =>
    found(await readHoldRow(store.db, request.params.id), `hold ${request.params.id}`),
  );
  app.post(
    '/holds/:id/release',
    { schema: { tags: ['holds'], summary: 'Release it, by a run of its own', params: idParams, body: releaseBody } },
    async (request, reply) => {
      const wish = { holdId: request.params.id, by: whoOf(request).person.id, reason: request.body.reason ?? '' };
      const runId = (await requestRelease(store.db, wish, deps.now())) ?? (await refuseEnded(wish.holdId));
      for (const channel of ['outbox', 'runs', 'holds']) store.wake(channel);
      return reply.code(202).send({ runId });
    },
  );
  app.post(
    '/holds/:id/renew',
    { schema: { tags: ['holds'], summary: 'Hold it for longer', params: idParams, body: renewBody } },
    async (request) => {
      const forMs = parseDuration(request.body.for);
      const wish = { id: request.params.id, forMs, by: whoOf(request).person.id, reason: request.body.reason ?? '' };
      const confirmAfterMs = (deps.confirmRenewalAfterMs ?? weekMs)();
      const renewal = await renewHold(store.db, { ...wish, confirmAfterMs }, deps.now());
      if (renewal === 'not_held') await refuseEnded(wish.id);
      if (renewal === 'same_person') throw problem('RENEWAL_SECOND', 'You have asked for it already.');
      store.wake('holds');
      return found(await readHoldRow(store.db, wish.id), `hold ${wish.id}`);
    },
  );

  app.post(
    '/holds/:id/transfer',
    { schema: { tags: ['holds'], summary: 'Hand it to another run, which undoes it from then on', params: idParams, body: transferBody } },
    async (request) => {
      const { to, reason } = request.body;
      const wish = { id: request.params.id, to, by: whoOf(request).person.id, reason };
      const refused = await transferHold(store.db, wish, deps.now());
      const hold = found(await readHoldRow(store.db, wish.id), `hold ${wish.id}`);
      if (refused !== undefined) throw problem('TRANSFER_REFUSED', refused);
      for (const channel of ['holds', 'runs']) store.wake(channel);
      return hold;
    },
  );
  app.post(
    '/holds/:id/settle',
    { schema: { tags: ['holds'], summary: 'Say that a debt was dealt with outside of Cordon', params: idParams, body: settleBody } },
    async (request) => {
      const wish = { id: request.params.id, by: whoOf(request).person.id, reason: request.body.reason };
      return await debtAfter(wish.id, await settleDebt(store.db, wish, deps.now()));
    },
  );
  app.post(
    '/holds/:id/owner',
    { schema: { tags: ['holds'], summary: 'Say who owes a debt', params: idParams, body: ownerBody } },
    async (request) => {
      const { owner, reason = '' } = request.body;
      const wish = { id: request.params.id, by: whoOf(request).person.id, owner, reason };
      return await debtAfter(wish.id, await ownDebt(store.db, wish, deps.now()));
    },
  );

  async function debtAfter(id: string, done: boolean) {
    const hold = found(await readHoldRow(store.db, id), `hold ${id}`);
    if (!done) throw problem('NOT_OWED', `It is ${hold.state}.`);
    store.wake('holds');
    return hold;
  }

  async function refuseEnded(id: string): Promise<never> {
    const hold = found(await readHoldRow(store.db, id), `hold ${id}`);
    throw problem('NOT_HELD', `It is ${hold.state}.`);
  }
};
