// app.lookup: an application, its publisher, and what it may do.
import { z } from 'zod';
import type { BearerClient } from '../bearer-client.ts';
import { read } from '../connector.ts';
import { theOnly } from '../exact-match.ts';
import { line } from '../params.ts';
import { appTarget, findApps, readApp } from './apps.ts';

export const lookupApp = read({
  verb: 'app.lookup',
  risk: 'read',
  input: z.strictObject({ app: line }),
  output: z.strictObject({
    name: z.string(),
    publisher: z.string(),
    verified: z.boolean(),
    scopes: z.array(z.string()).readonly(),
    people: z.number(),
    enabled: z.boolean(),
  }),
  permissions: 'apps:read',
  docs: '/idp/api/v1/apps/{id}',
  example: { app: 'Mail Helper' },
  target: appTarget,
  run: async (client: BearerClient, input, { signal }, entity) => {
    const found = entity ?? theOnly('app', await findApps(client, appTarget(input).ref, signal));
    const { id: _, ...app } = await readApp(client, found.id, signal);
    return app;
  },
});
