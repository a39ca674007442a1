// Playbooks: what is published, publishing a checked text, starting one by hand.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { readPlaybookBeside as checkPlaybook } from '../../language/read-beside.ts';
import { readWouldHave, setMode } from '../../store/modes.ts';
import { saveDraft } from '../../store/playbook-history.ts';
import { publishedTexts, publishPlaybook } from '../../store/playbook-versions.ts';
import { listPlaybooks, readPlaybook, readUnpublished } from '../../store/views/inventory.ts';
import { whoOf } from '../guard.ts';
import { problem } from '../problems.ts';
import { startByHand } from '../start-by-hand.ts';
import { found, type Routes, reasonText } from './route.ts';
import { refuseElsewhere } from './versions.ts';

const params = z.strictObject({ name: z.string().min(1).max(128) });
const startBody = z.strictObject({ inputs: z.record(z.string(), z.unknown()).optional(), reason: reasonText.optional() });
const wouldQuery = z.strictObject({ days: z.coerce.number().int().min(1).max(366).default(14) });
const modeBody = z.strictObject({ mode: z.enum(['observe', 'ask', 'act']), reason: reasonText.min(1) });
const publishBody = z.strictObject({
  source: z.string().min(1).max(240_000).describe('The YAML text.'),
  path: z
    .string()
    .regex(/^[A-Za-z0-9_./-]{1,200}$/)
    .describe('How diagnostics name it.'),
  draft: z.boolean().optional().describe('Keep it as a draft: checked, and not in force.'),
});

export const playbookRoutes: Routes = (app, { deps }) => {
  const { store } = deps;
  app.get('/playbooks', { schema: { tags: ['playbooks'], summary: 'Published playbooks, and files that are not good now' } }, async () => ({
    items: await listPlaybooks(store.db),
  }));
  app.get(
    '/playbooks/:name',
    {
      schema: {
        tags: ['playbooks'],
        summary: 'The published version with its text; where none is, the newest draft, as version 0',
        params,
      },
    },
    async (request) => {
      const { name } = request.params;
      return found(
        (await readPlaybook(store.db, name)) ?? (await readUnpublished(store.db, name)),
        `playbook ${name} in force, and no draft of it`,
      );
    },
  );
  app.post(
    '/playbooks',
    { schema: { tags: ['playbooks'], summary: 'Check a text and publish it', body: publishBody } },
    async (request, reply) => {
      // Whoever is refused anyway does not make the server read a text first.
      refuseElsewhere(deps);
      if (deps.publishing?.secondPerson && !request.body.draft)
        throw problem('PUBLISH_SECOND', 'Whoever wrote a version does not put it in force alone here.');
      const { source, path } = request.body;
      const { plan, diagnostics, digestInput } = checkPlaybook(
        { text: source, file: path },
        /\bcall:/.test(source) ? await publishedTexts(store.db) : [],
      );
      if (!plan) return reply.code(422).send({ published: false, diagnostics });
      const digest = createHash('sha256').update(digestInput).digest('hex');
      const author = whoOf(request).person.id;
      if (request.body.draft) {
        const draft = { plan, digest, source, path, author, firstMode: deps.firstMode ?? ('observe' as const) };
        const saved = await saveDraft(store.db, draft, deps.now());
        return {
          published: false,
          draft: true,
          playbook: plan.playbook,
          version: saved.version,
          unchanged: !saved.fresh,
          digest,
          diagnostics,
        };
      }
      const publication = { plan, digest, source, path, author, firstMode: deps.firstMode ?? ('observe' as const), yieldToPeople: false };
      const result = await publishPlaybook(store.db, publication, deps.now());
      store.wake('playbooks');
      return {
        published: true,
        playbook: plan.playbook,
        version: result.version,
        unchanged: result.kind === 'unchanged',
        digest,
        diagnostics,
      };
    },
  );
  app.get(
    '/playbooks/:name/would',
    { schema: { tags: ['playbooks'], summary: 'What it would have done while it only observed', params, querystring: wouldQuery } },
    async (request) => readWouldHave(store.db, request.params.name, request.query.days),
  );
  app.post(
    '/playbooks/:name/mode',
    { schema: { tags: ['playbooks'], summary: 'Let the published version observe, ask or act', params, body: modeBody } },
    async (request) => {
      const { name } = request.params;
      const wish = { playbook: name, ...request.body, by: whoOf(request).person.id };
      if (!(await setMode(store.db, wish, deps.now()))) throw problem('NOT_FOUND', `There is no published playbook ${name}.`);
      store.wake('playbooks');
      return readWouldHave(store.db, name, 14);
    },
  );
  app.post(
    '/playbooks/:name/runs',
    { schema: { tags: ['playbooks'], summary: 'Start a playbook by hand', params, body: startBody } },
    async (request, reply) => {
      const wish = { playbook: request.params.name, inputs: request.body.inputs ?? {}, reason: request.body.reason ?? '' };
      return reply.code(201).send({ runId: await startByHand(deps, whoOf(request).person, wish) });
    },
  );
};
