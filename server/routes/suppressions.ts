// Suppressions and maintenance windows: never without an end and a reason.
import { z } from 'zod';
import { parseExpression } from '../../language/cel.ts';
import { SEVERITY_ID } from '../../language/severity.ts';
import { addSuppression, listSuppressions, removeSuppression } from '../../store/suppressions.ts';
import { parseDuration } from '../duration.ts';
import { whoOf } from '../guard.ts';
import { problem } from '../problems.ts';
import { found, idParams, type Routes, reasonText } from './route.ts';

const words = z.array(z.string().min(1).max(600)).min(1).max(100).optional();
const body = z.strictObject({
  title: z.string().trim().min(1).max(200).describe('What people will see it called.'),
  reason: reasonText.min(1),
  for: z.string().max(20).describe('From its beginning on: 30m, 8h, 7d. At most 90d.'),
  from: z.iso.datetime({ offset: true }).optional().describe('A window that begins later. Absent: now.'),
  sources: words,
  entities: words.describe('`host:wks-007`, `user:eve@example.com`, `ip:10.0.0.7`: exact.'),
  alert_title: z.string().min(1).max(1_000).optional().describe('Exact title of the alert.'),
  playbooks: words.describe('Only these start nothing.'),
  severity_below: z.enum(['low', 'medium', 'high', 'critical', 'fatal']).optional().describe('This severity and above come through.'),
  when: z.string().min(1).max(2_000).optional().describe('CEL over `alert`.'),
});
const listQuery = z.strictObject({ all: z.enum(['true', 'false']).default('false').describe('Those that are over too.') });

export const suppressionRoutes: Routes = (app, { deps }) => {
  const { store } = deps;
  const one = async (id: string) => found((await listSuppressions(store.db, { all: true, id }, deps.now()))[0], `suppression ${id}`);
  app.get(
    '/suppressions',
    { schema: { tags: ['suppressions'], summary: 'Suppressions with what they hid', querystring: listQuery } },
    async (request) => ({ items: await listSuppressions(store.db, { all: request.query.all === 'true' }, deps.now()) }),
  );
  app.get(
    '/suppressions/:id',
    { schema: { tags: ['suppressions'], summary: 'One suppression, also when it is over', params: idParams } },
    async (request) => await one(request.params.id),
  );
  app.post(
    '/suppressions',
    { schema: { tags: ['suppressions'], summary: 'Let matching alerts start nothing, for a time', body } },
    async (request, reply) => {
      const { title, reason, from, for: time, ...given } = request.body;
      const match = matchOf(given);
      const startsAt = from === undefined ? deps.now() : new Date(from);
      const expiresAt = new Date(startsAt.getTime() + parseDuration(time));
      if (expiresAt <= deps.now()) throw problem('INVALID_INPUT', 'It would be over already.');
      const id = await addSuppression(store.db, { title, reason, match, startsAt, expiresAt, by: whoOf(request).person.id }, deps.now());
      return reply.code(201).send(await one(id));
    },
  );
  app.post(
    '/suppressions/:id/remove',
    {
      schema: { tags: ['suppressions'], summary: 'End it now', params: idParams, body: z.strictObject({ reason: reasonText.optional() }) },
    },
    async (request) => {
      const wish = { id: request.params.id, by: whoOf(request).person.id, reason: request.body.reason ?? '' };
      await one(wish.id);
      await removeSuppression(store.db, wish, deps.now());
      return await one(wish.id);
    },
  );
};

type Given = Omit<z.output<typeof body>, 'title' | 'reason' | 'from' | 'for'>;

/** Refuses what would match everything, and an expression that cannot be read. */
function matchOf({ sources, entities, alert_title, playbooks, severity_below, when }: Given) {
  if (when !== undefined) {
    const parsed = parseExpression(when);
    if (!parsed.ok) throw problem('INVALID_INPUT', `"when": ${parsed.error.message}`);
  }
  const severityBelow = severity_below === undefined ? undefined : SEVERITY_ID[severity_below];
  const match = {
    ...(sources ? { sources } : {}),
    ...(entities ? { entities: entities.map((entity) => entity.normalize('NFKC').toLowerCase().trim()) } : {}),
    ...(alert_title === undefined ? {} : { title: alert_title }),
    ...(playbooks ? { playbooks } : {}),
    ...(severityBelow === undefined ? {} : { severityBelow }),
    ...(when === undefined ? {} : { when }),
  };
  const narrow = Object.keys(match).some((name) => name !== 'severityBelow');
  if (!narrow) throw problem('INVALID_INPUT', 'It would hide everything: name sources, entities, a title, playbooks or a condition.');
  return match;
}
