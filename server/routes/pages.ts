// Pages: what people were woken for, whom it has reached, "I have it", and "it is over".
import { z } from 'zod';
import { changePage } from '../../store/pages.ts';
import { listPages } from '../../store/views/pages.ts';
import { whoOf } from '../guard.ts';
import { found, idParams, pageQuery, type Routes } from './route.ts';

const listQuery = pageQuery.extend({ state: z.enum(['open', 'acknowledged', 'resolved']).optional() });
const WAYS = [
  ['acknowledge', 'acknowledged', 'You have it: pagers stop waking others'],
  ['resolve', 'resolved', 'It is over, at the pagers too'],
] as const;

export const pageRoutes: Routes = (app, { deps }) => {
  const { store } = deps;
  app.get(
    '/pages',
    { schema: { tags: ['pages'], summary: 'What people were woken for, newest first', querystring: listQuery } },
    async (request) => listPages(store.db, request.query),
  );
  for (const [way, state, summary] of WAYS) {
    app.post(`/pages/:id/${way}`, { schema: { tags: ['pages'], summary, params: idParams } }, async (request) => {
      const { id } = request.params;
      found(await changePage(store.db, id, state, whoOf(request).person.id, deps.now()), `page ${id}`);
      store.wake('messages');
      return found((await listPages(store.db, { id })).items[0], `page ${id}`);
    });
  }
};
