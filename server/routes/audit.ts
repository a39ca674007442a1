// The audit log: reading it, checking it, taking it elsewhere.
import { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { appendAudit } from '../../store/audit.ts';
import { exportAudit } from '../../store/export-audit.ts';
import { verifyAudit } from '../../store/verify-audit.ts';
import { listAudit } from '../../store/views/audit.ts';
import { whoOf } from '../guard.ts';
import { pageQuery, type Routes } from './route.ts';

const stream = z.string().max(64).optional().describe('A run, or: admin, intake, people.');
const exportQuery = z.strictObject({ stream, since: z.iso.datetime().optional() });

export const auditRoutes: Routes = (app, { deps }) => {
  const { db } = deps.store;
  app.get(
    '/audit',
    { schema: { tags: ['audit'], summary: 'Audit events, newest first', querystring: pageQuery.extend({ stream }) } },
    async (request) => listAudit(db, request.query),
  );
  app.get('/audit/verify', { schema: { tags: ['audit'], summary: 'Check every chain and every checkpoint' } }, async (request) => {
    // It reads all that there is before it says a word: the silence is no idle connection.
    if (request.raw.socket instanceof Socket) request.raw.socket.setTimeout(0);
    return await verifyAudit(db, deps.audit.verify);
  });
  app.get(
    '/audit/key',
    { schema: { tags: ['audit'], summary: 'The public key that checkpoints and evidence are checked with' } },
    async () => ({
      publicKey: deps.audit.publicKey,
    }),
  );
  app.get(
    '/audit/export',
    { schema: { tags: ['audit'], summary: 'All events as NDJSON', querystring: exportQuery } },
    async (request, reply) => {
      const { stream: only, since } = request.query;
      await appendAudit(db, 'admin', [{ at: deps.now(), code: 'audit.exported', actor: whoOf(request).person.id, body: {} }]);
      const lines = exportAudit(db, {
        ...(only === undefined ? {} : { stream: only }),
        ...(since === undefined ? {} : { since: new Date(since) }),
      });
      return reply.type('application/x-ndjson').send(Readable.from(ended(lines)));
    },
  );
};

async function* ended(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`;
}
