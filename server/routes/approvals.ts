// Approvals and questions: what waits for a person, and their decision. The store decides whether it counts.
import { z } from 'zod';
import { listApprovals, readApproval } from '../../store/views/approvals.ts';
import { decide } from '../decide.ts';
import { whoOf } from '../guard.ts';
import { readerOf } from '../reader.ts';
import { found, idParams, pageQuery, type Routes, reasonText } from './route.ts';

const listQuery = pageQuery.extend({
  state: z.enum(['open', 'granted', 'denied', 'expired', 'void', 'answered', 'withdrawn']).optional(),
  run: z.string().max(64).optional(),
});
const decideBody = z.strictObject({
  digest: z.string().min(1).max(128).describe('The digest that was shown; another one is refused with APPROVAL_CHANGED.'),
  reason: reasonText.optional(),
});
const answerBody = decideBody.extend({
  answer: z
    .union([z.string().min(1).max(500), z.record(z.string().max(64), z.unknown())])
    .describe("A choice; a form's values by field; or one choice for each row, by the row's id."),
});

export const approvalRoutes: Routes = (app, { deps }) => {
  app.get(
    '/approvals',
    { schema: { tags: ['approvals'], summary: 'Approvals and questions, newest first', querystring: listQuery } },
    async (request) => listApprovals(deps.store.db, request.query, readerOf(deps, whoOf(request))),
  );
  app.get(
    '/approvals/:id',
    { schema: { tags: ['approvals'], summary: 'One approval with every effect under it', params: idParams } },
    async (request) =>
      found(await readApproval(deps.store.db, request.params.id, readerOf(deps, whoOf(request))), `approval ${request.params.id}`),
  );
  for (const decision of ['approve', 'deny'] as const) {
    const summary = decision === 'approve' ? 'Approve everything that is shown' : 'Deny it';
    app.post(
      `/approvals/:id/${decision}`,
      { schema: { tags: ['approvals'], summary, params: idParams, body: decideBody } },
      async (request) => decide(deps, whoOf(request), { ...request.body, approvalId: request.params.id, decision }),
    );
  }
  app.post(
    '/approvals/:id/answer',
    { schema: { tags: ['approvals'], summary: 'Answer a question', params: idParams, body: answerBody } },
    async (request) => decide(deps, whoOf(request), { ...request.body, approvalId: request.params.id, decision: 'answer' }),
  );
};
