// Trial form only: how the things under an approval stand in the practice range now, for the panel beside the card.
import { z } from 'zod';
import { readApproval } from '../../store/views/approvals.ts';
import { whoOf } from '../guard.ts';
import { problem } from '../problems.ts';
import { rangeLive } from '../range-live.ts';
import { readerOf } from '../reader.ts';
import { found, type Routes } from './route.ts';

const query = z.strictObject({ approval: z.string().regex(/^apr_[0-9A-Z]{26}$/) });

export const rangeRoutes: Routes = (app, { deps }) => {
  app.get(
    '/range/live',
    { schema: { tags: ['now'], summary: 'State of the practice range (trial form)', querystring: query } },
    async (request) => {
      const { rangeUrl } = deps;
      if (rangeUrl === undefined) throw problem('NOT_FOUND', 'This installation has no practice range.');
      const id = request.query.approval;
      const approval = found(await readApproval(deps.store.db, id, await readerOf(deps, whoOf(request))), `approval ${id}`);
      return { items: await rangeLive(rangeUrl, approval.items) };
    },
  );
};
