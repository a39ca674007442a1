// Approvals and questions: what waits for a person, and their decision. The store decides whether it counts.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { listApprovals, readApproval } from '../../store/views/approvals.ts';
import { comment } from '../comment.ts';
import { acknowledge, decide } from '../decide.ts';
import { decideAlike } from '../decide-alike.ts';
import { whoOf } from '../guard.ts';
import { prove } from '../proof.ts';
import { readerOf } from '../reader.ts';
import type { Who } from '../who.ts';
import { found, idParams, pageQuery, type Routes, reasonText } from './route.ts';

const listQuery = pageQuery.extend({
  state: z.enum(['open', 'granted', 'denied', 'expired', 'void', 'answered', 'withdrawn']).optional(),
  run: z.string().max(64).optional(),
  alike: z.string().max(64).optional().describe('Only those that ask for the same as this one.'),
  order: z.enum(['newest', 'ending']).optional().describe('`ending`: what ends first is first. Default newest.'),
});
const decideBody = z.strictObject({
  digest: z.string().min(1).max(128).describe('The digest that was shown; another one is refused with APPROVAL_CHANGED.'),
  reason: reasonText.optional().describe('Why, for the audit log. Needed where part of it cannot be taken back: APPROVAL_REASON.'),
});
const approveBody = decideBody.extend({
  password: z.string().min(1).max(256).optional().describe('Where policy wants a fresh proof of who approves: APPROVAL_STEP_UP.'),
});
const batchBody = z.strictObject({
  decision: z.enum(['approve', 'deny']),
  approvals: z
    .array(z.strictObject({ id: idParams.shape.id, digest: decideBody.shape.digest }))
    .min(1)
    .max(200),
  reason: approveBody.shape.reason,
  password: approveBody.shape.password,
});
const commentBody = z.strictObject({ text: z.string().trim().min(1).max(2_000) });
const answerBody = decideBody.extend({
  answer: z
    .union([z.string().min(1).max(500), z.record(z.string().max(64), z.unknown())])
    .describe("A choice; a form's values by field; or one choice for each row, by the row's id."),
});

export const approvalRoutes: Routes = (app, { deps, signIn }) => {
  app.get('/approvals', { schema: { tags: ['approvals'], summary: 'Approvals and questions', querystring: listQuery } }, async (request) =>
    listApprovals(deps.store.db, request.query, await readerOf(deps, whoOf(request))),
  );
  app.get(
    '/approvals/:id',
    { schema: { tags: ['approvals'], summary: 'One approval with every effect under it', params: idParams } },
    async (request) =>
      found(await readApproval(deps.store.db, request.params.id, await readerOf(deps, whoOf(request))), `approval ${request.params.id}`),
  );
  app.post(
    '/approvals/batch',
    { schema: { tags: ['approvals'], summary: 'Decide many that are alike, each over the digest that was shown', body: batchBody } },
    async (request) => {
      const { password, ...batch } = request.body;
      return { items: await decideAlike(deps, await provenBy(request, password), batch) };
    },
  );
  app.post(
    '/approvals/:id/approve',
    { schema: { tags: ['approvals'], summary: 'Approve everything that is shown', params: idParams, body: approveBody } },
    async (request) => {
      const { password, ...given } = request.body;
      const who = await provenBy(request, password);
      return await decide(deps, who, { ...given, approvalId: request.params.id, decision: 'approve' });
    },
  );
  app.post(
    '/approvals/:id/deny',
    { schema: { tags: ['approvals'], summary: 'Deny it', params: idParams, body: decideBody } },
    async (request) => decide(deps, whoOf(request), { ...request.body, approvalId: request.params.id, decision: 'deny' }),
  );
  app.post(
    '/approvals/:id/ack',
    { schema: { tags: ['approvals'], summary: 'Say that you have it: nobody else is asked for ten minutes; once', params: idParams } },
    async (request) => acknowledge(deps, whoOf(request), request.params.id),
  );
  app.post(
    '/approvals/:id/comments',
    {
      schema: {
        tags: ['approvals'],
        summary: 'Write something to the others about it: it decides nothing',
        params: idParams,
        body: commentBody,
      },
    },
    async (request) => comment(deps, whoOf(request), request.params.id, request.body.text),
  );
  app.post(
    '/approvals/:id/answer',
    { schema: { tags: ['approvals'], summary: 'Answer a question', params: idParams, body: answerBody } },
    async (request) => decide(deps, whoOf(request), { ...request.body, approvalId: request.params.id, decision: 'answer' }),
  );

  /** With a password: proven just now. */
  async function provenBy(request: FastifyRequest, password: string | undefined): Promise<Who> {
    const who = whoOf(request);
    return password === undefined ? who : await prove(signIn, who, password, request.socket.remoteAddress ?? 'unknown');
  }
};
