// mail.list_rules: what a mailbox does by itself.
import { z } from 'zod';
import type { BearerClient } from '../bearer-client.ts';
import { read } from '../connector.ts';
import { theOnly } from '../exact-match.ts';
import { user, userTarget } from '../params.ts';
import { findPeople } from '../people-lookup.ts';
import { readRules } from './rules.ts';

export const listRules = read({
  verb: 'mail.list_rules',
  risk: 'read',
  input: z.strictObject({ user }),
  output: z.strictObject({
    rules: z
      .array(z.object({ id: z.string(), name: z.string(), forwards_to: z.string().nullable(), deletes: z.boolean(), active: z.boolean() }))
      .readonly(),
  }),
  permissions: 'mailboxes:read',
  docs: '/mail/v1/mailboxes/{id}/rules',
  example: { user: { id: 'user-011' } },
  target: userTarget,
  run: async (client: BearerClient, input, { signal }, entity) => {
    const found = entity ?? theOnly('user', await findPeople(client, '/v1/mailboxes', input.user, signal));
    return { rules: await readRules(client, found.id, signal) };
  },
});
