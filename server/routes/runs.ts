// Runs: how they stand, cancelling them, undoing what they did.
import { z } from 'zod';
import { requestCancel } from '../../store/cancel.ts';
import { previewUndo, requestUndo } from '../../store/undo.ts';
import { readRun } from '../../store/views/run-detail.ts';
import { listRuns, readRunRecord } from '../../store/views/runs.ts';
import { whoOf } from '../guard.ts';
import { problem } from '../problems.ts';
import { found, idParams, pageQuery, type Routes, reasonText } from './route.ts';

const listQuery = pageQuery.extend({
  state: z.enum(['open', 'queued', 'starting', 'running', 'waiting', 'completed', 'stopped', 'failed', 'cancelled', 'lost']).optional(),
  playbook: z.string().max(128).optional(),
  incident: z.string().max(64).optional(),
  alert: z.string().max(64).optional(),
});
const reasonBody = z.strictObject({ reason: reasonText.optional() });

export const runRoutes: Routes = (app, { deps }) => {
  const { store } = deps;
  app.get('/runs', { schema: { tags: ['runs'], summary: 'Runs, newest first', querystring: listQuery } }, async (request) =>
    listRuns(store.db, request.query),
  );
  app.get(
    '/runs/:id',
    { schema: { tags: ['runs'], summary: 'One run with its steps, approvals and holds', params: idParams } },
    async (request) => found(await readRun(store.db, request.params.id, whoOf(request).person), `run ${request.params.id}`),
  );
  app.post(
    '/runs/:id/cancel',
    { schema: { tags: ['runs'], summary: 'Cancel a run; what it holds stays held', params: idParams, body: reasonBody } },
    async (request, reply) => {
      const wish = { runId: request.params.id, by: whoOf(request).person.id, reason: request.body.reason ?? '' };
      if (!(await requestCancel(store.db, wish, deps.now()))) await refuseCancel(wish.runId);
      for (const channel of ['outbox', 'runs']) store.wake(channel);
      return reply.code(202).send({ runId: wish.runId });
    },
  );
  app.get(
    '/runs/:id/undo',
    { schema: { tags: ['runs'], summary: 'What an undo of the run would do now', params: idParams } },
    async (request) => {
      found(await readRunRecord(store.db, request.params.id), `run ${request.params.id}`);
      return previewUndo(store.db, request.params.id);
    },
  );
  app.post(
    '/runs/:id/undo',
    { schema: { tags: ['runs'], summary: 'Undo what the run did, by a run of its own', params: idParams, body: reasonBody } },
    async (request, reply) => {
      const wish = { runId: request.params.id, by: whoOf(request).person.id, reason: request.body.reason ?? '' };
      const runId = found(await requestUndo(store.db, wish, deps.now()), `run ${wish.runId}`);
      for (const channel of ['outbox', 'runs', 'holds']) store.wake(channel);
      return reply.code(202).send({ runId });
    },
  );

  async function refuseCancel(runId: string): Promise<never> {
    const run = found(await readRunRecord(store.db, runId), `run ${runId}`);
    throw problem('RUN_ENDED', `The run has ended as ${run.state}.`);
  }
};
