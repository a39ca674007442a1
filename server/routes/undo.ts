// Undo: of a step, a run, an entity or an incident. A preview first; then runs of their own.
import { z } from 'zod';
import { heldEntities, previewUndo, requestShownUndo, requestUndo } from '../../store/undo-scope.ts';
import { readIncident } from '../../store/views/inventory.ts';
import { readRunRecord } from '../../store/views/runs.ts';
import type { UndoScope } from '../contract.ts';
import { whoOf } from '../guard.ts';
import { problem, undoChanged } from '../problems.ts';
import { found, idParams, type Routes, reasonText } from './route.ts';

const scopeFields = {
  run: z.string().max(64).optional(),
  step: z.string().max(600).optional().describe('Of the run: only this step.'),
  entity: z.string().max(600).optional().describe('`host:wks-007`, or the exact name of what is held.'),
  incident: z.string().max(64).optional(),
};
const scopeQuery = z.strictObject(scopeFields);
const askFields = {
  digest: z
    .string()
    .max(128)
    .optional()
    .describe('Of the preview that was shown; something else is refused with UNDO_CHANGED. Absent: whatever is held by then.'),
  reason: reasonText.optional(),
};
const undoBody = z.strictObject({ ...scopeFields, ...askFields });
const runBody = z.strictObject(askFields);

export const undoRoutes: Routes = (app, { deps }) => {
  const { store } = deps;
  const ask = async (scope: UndoScope, by: string, { digest, reason = '' }: z.infer<typeof runBody>): Promise<string[]> => {
    const asked =
      digest === undefined
        ? { runs: await requestUndo(store.db, scope, { by, reason }, deps.now()) }
        : await requestShownUndo(store.db, scope, { by, reason, digest }, deps.now());
    if ('changed' in asked) throw undoChanged(asked.changed);
    for (const channel of ['outbox', 'runs', 'holds']) store.wake(channel);
    return asked.runs;
  };
  app.get(
    '/undo',
    { schema: { tags: ['undo'], summary: 'What an undo of a step, run, entity or incident would do now', querystring: scopeQuery } },
    async (request) => previewUndo(store.db, await known(request.query)),
  );
  app.post(
    '/undo',
    { schema: { tags: ['undo'], summary: 'Undo a step, run, entity or incident, by runs of their own', body: undoBody } },
    async (request, reply) => {
      const { reason, digest, ...scope } = request.body;
      const runs = await ask(await known(scope), whoOf(request).person.id, { reason, digest });
      if (runs.length === 0) throw problem('NOT_HELD', 'Nothing of it is held, so there is nothing to undo.');
      return reply.code(202).send({ runs });
    },
  );
  app.get(
    '/runs/:id/undo',
    { schema: { tags: ['runs'], summary: 'What an undo of the run would do now', params: idParams } },
    async (request) => previewUndo(store.db, await known({ run: request.params.id })),
  );
  app.post(
    '/runs/:id/undo',
    { schema: { tags: ['runs'], summary: 'Undo what the run did, by a run of its own', params: idParams, body: runBody } },
    async (request, reply) => {
      const scope = await known({ run: request.params.id });
      const [runId] = await ask(scope, whoOf(request).person.id, request.body);
      return reply.code(202).send({ runId });
    },
  );

  /** The scope, checked against what there is: nothing is undone for a name that could mean two things. */
  async function known(scope: UndoScope): Promise<UndoScope> {
    const { run, step, entity, incident } = scope;
    const named = [run, entity, incident].filter((one) => one !== undefined);
    if (named.length !== 1) throw problem('INVALID_INPUT', 'Name exactly one of run, entity and incident.');
    if (step !== undefined && run === undefined) throw problem('INVALID_INPUT', 'A step is named together with its run.');
    if (run !== undefined) found(await readRunRecord(store.db, run), `run ${run}`);
    if (incident !== undefined) found(await readIncident(store.db, incident), `incident ${incident}`);
    if (entity === undefined) return scope;
    const matching = await heldEntities(store.db, entity);
    if (matching.length > 1) throw problem('INVALID_INPUT', `${entity} may be ${matching.join(' or ')}: name one of them.`);
    return { entity: matching[0] ?? entity.normalize('NFC').toLowerCase() };
  }
};
