// The inventory: what is known, importing a file, reading the directories again.
import { z } from 'zod';
import { readCsvEntities } from '../../language/entities/read-csv-entities.ts';
import { readEntities } from '../../language/inventory-text.ts';
import { replaceEntities } from '../../store/entities.ts';
import { acceptSync, askSync, listSyncs } from '../../store/entity-sync.ts';
import { listEntities } from '../../store/views/inventory.ts';
import type { EntitiesImported } from '../contract.ts';
import { whoOf } from '../guard.ts';
import { problem } from '../problems.ts';
import { pageQuery, type Routes } from './route.ts';

const listQuery = pageQuery.extend({
  kind: z.string().max(32).optional(),
  name: z.string().max(500).optional().describe('An exact name or alias.'),
});
/** A CMDB's export of some 50,000 things. */
const IMPORT_BYTES = 10_000_000;
const importBody = z.strictObject({
  source: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'small letters, digits and "-"')
    .describe('What the entries are kept under: the next import of the same name replaces them.'),
  format: z.enum(['yaml', 'csv']),
  text: z.string().min(1).max(IMPORT_BYTES),
  path: z.string().min(1).max(200).describe('How faults name it.'),
  preview: z.boolean().default(true).describe('true: only say what would change.'),
});

const syncBody = z.strictObject({
  accept: z
    .strictObject({ connector: z.string().max(64), digest: z.string().regex(/^[0-9a-f]{64}$/) })
    .optional()
    .describe('Exactly what was kept back, as it was shown.'),
});

export const entityRoutes: Routes = (app, { deps }) => {
  const { store } = deps;
  app.get(
    '/entities',
    { schema: { tags: ['inventory'], summary: 'People, hosts and services that policy knows', querystring: listQuery } },
    async (request) => listEntities(store.db, request.query),
  );
  app.post(
    '/entities/import',
    {
      bodyLimit: IMPORT_BYTES * 2,
      schema: { tags: ['inventory'], summary: 'Say what a file would change, or take it over', body: importBody },
    },
    async (request) => {
      const { source, format, text, path, preview } = request.body;
      const name = `import:${source}`;
      const { records, diagnostics } = format === 'csv' ? readCsvEntities(text, path, name) : readEntities(text, path, name);
      if (!records) return { imported: false, diagnostics } satisfies EntitiesImported;
      const by = whoOf(request).person.id;
      const change = await replaceEntities(store.db, { source: name, records, by, preview }, deps.now());
      if (!preview) store.wake('entities');
      return { imported: !preview, diagnostics, change } satisfies EntitiesImported;
    },
  );
  app.get(
    '/entities/sync',
    { schema: { tags: ['inventory'], summary: 'How the directories were read last, and what was kept back' } },
    async () => ({
      items: await listSyncs(store.db),
    }),
  );
  app.post(
    '/entities/sync',
    {
      schema: {
        tags: ['inventory'],
        summary: 'Read the directories of the connectors now, or accept what was kept back',
        body: syncBody.optional(),
      },
    },
    async (request) => {
      const by = whoOf(request).person.id;
      const accept = request.body?.accept;
      if (accept && !(await acceptSync(store.db, accept.connector, accept.digest, by)))
        throw problem('SYNC_CHANGED', `${accept.connector} keeps back something else by now, or nothing: look again.`);
      const connectors = accept ? [accept.connector] : await askSync(store.db, by);
      store.wake('entity_sync');
      return { connectors };
    },
  );
};
