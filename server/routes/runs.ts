// Runs: how they stand, cancelling them, undoing what they did.
import { z } from 'zod';
import type { Json } from '../../language/plan.ts';
import { requestCancel } from '../../store/cancel.ts';
import { postEvent } from '../../store/run-events.ts';
import { listWaiting } from '../../store/stuck.ts';
import { readRun } from '../../store/views/run-detail.ts';
import { listRuns, readRunRecord } from '../../store/views/runs.ts';
import { whoOf } from '../guard.ts';
import { problem } from '../problems.ts';
import { readerOf } from '../reader.ts';
import { found, idParams, pageQuery, type Routes, reasonText } from './route.ts';

/** What an event may carry; it becomes the answer of the step that waits. */
const MAX_DATA = 10_000;

const listQuery = pageQuery.extend({
  state: z.enum(['open', 'queued', 'starting', 'running', 'waiting', 'completed', 'stopped', 'failed', 'cancelled', 'lost']).optional(),
  playbook: z.string().max(128).optional(),
  incident: z.string().max(64).optional(),
  alert: z.string().max(64).optional(),
});
const OVER: ReadonlySet<string> = new Set(['completed', 'stopped', 'failed', 'cancelled', 'lost']);
const eventBody = z.strictObject({
  event: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  data: z
    .json()
    .refine((value) => JSON.stringify(value).length <= MAX_DATA, `must have at most ${MAX_DATA} characters as JSON`)
    .optional(),
});
const waitingQuery = z.strictObject({ overdue: z.enum(['true', 'false']).optional().describe('Only those past their time.') });
const reasonBody = z.strictObject({ reason: reasonText.optional() });

export const runRoutes: Routes = (app, { deps }) => {
  const { store } = deps;
  app.get('/runs', { schema: { tags: ['runs'], summary: 'Runs, newest first', querystring: listQuery } }, async (request) =>
    listRuns(store.db, request.query),
  );
  app.get(
    '/runs/waiting',
    { schema: { tags: ['runs'], summary: 'What each run waits for, until when, and what happens then', querystring: waitingQuery } },
    async (request) => listWaiting(store.db, { overdue: request.query.overdue === 'true' }),
  );
  app.get(
    '/runs/:id',
    { schema: { tags: ['runs'], summary: 'One run with its steps, approvals and holds', params: idParams } },
    async (request) => found(await readRun(store.db, request.params.id, await readerOf(deps, whoOf(request))), `run ${request.params.id}`),
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
  app.post(
    '/runs/:id/events',
    { schema: { tags: ['runs'], summary: 'Post an event that the run waits for, or will', params: idParams, body: eventBody } },
    async (request, reply) => {
      const { event, data } = request.body;
      // z.json() has checked it.
      const posted = { runId: request.params.id, name: event, body: (data ?? null) as Json, by: whoOf(request).person.id };
      if (!(await postEvent(store.db, posted, deps.now()))) await refuseEvent(posted.runId);
      for (const channel of ['outbox', 'runs']) store.wake(channel);
      return reply.code(202).send({ runId: posted.runId, event });
    },
  );

  async function refuseEvent(runId: string): Promise<never> {
    const run = found(await readRunRecord(store.db, runId), `run ${runId}`);
    if (OVER.has(run.state)) throw problem('RUN_ENDED', `The run has ended as ${run.state}.`);
    throw problem('TOO_MANY', 'The run has had more events than are kept.');
  }

  async function refuseCancel(runId: string): Promise<never> {
    const run = found(await readRunRecord(store.db, runId), `run ${runId}`);
    throw problem('RUN_ENDED', `The run has ended as ${run.state}.`);
  }
};
