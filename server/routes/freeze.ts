// Freezes: no new effect while one is on. One person is enough to freeze; lifting it takes two.
import { z } from 'zod';
import { VERBS } from '../../language/verbs.ts';
import { freeze, liftFreeze } from '../../store/freeze.ts';
import { readFreeze } from '../../store/views/freeze.ts';
import { whoOf } from '../guard.ts';
import { problem } from '../problems.ts';
import { type Routes, reasonText } from './route.ts';

const body = z.strictObject({
  on: z.boolean().describe('false: the first person asks for it, another confirms by the same request within an hour.'),
  reason: reasonText.min(1),
  connector: z.string().max(63).optional().describe('Only effects through this connector. Absent: through all.'),
  verb: z.string().max(80).optional().describe('Only this verb; its undo goes on. Absent: all verbs.'),
});

export const freezeRoutes: Routes = (app, { deps }) => {
  const { store } = deps;
  app.get('/freeze', { schema: { tags: ['freeze'], summary: 'What is frozen' } }, async () => readFreeze(store.db, deps.now()));
  app.post('/freeze', { schema: { tags: ['freeze'], summary: 'Stop new effects, or let them go on', body } }, async (request) => {
    const { on, reason, connector, verb } = request.body;
    const wish = { by: whoOf(request).person.id, reason, connector, verb };
    if (on) {
      await refuseUnknown(connector, verb);
      await freeze(store.db, wish, deps.now());
    } else {
      const lifted = await liftFreeze(store.db, wish, deps.now());
      if (lifted === 'not_frozen') throw problem('NOT_FROZEN', 'There is no such freeze.');
      if (lifted === 'same_person') throw problem('FREEZE_SECOND', 'You have asked for it already.');
    }
    for (const channel of ['outbox', 'freeze', 'runs']) store.wake(channel);
    return readFreeze(store.db, deps.now());
  });

  /** A freeze of something misspelt would freeze nothing, and look as if it did. */
  async function refuseUnknown(connector: string | undefined, verb: string | undefined): Promise<void> {
    if (verb !== undefined && !Object.hasOwn(VERBS, verb)) throw problem('INVALID_INPUT', `There is no verb ${verb}.`);
    if (connector === undefined) return;
    const known = await store.db.selectFrom('connector_states').select('id').where('id', '=', connector).executeTakeFirst();
    if (!known) throw problem('INVALID_INPUT', `There is no connector ${connector}.`);
  }
};
