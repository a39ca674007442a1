// Rules of a mailbox, by the id of its owner.
import { z } from 'zod';
import { type BearerClient, parsed } from '../bearer-client.ts';

const rule = z.object({
  id: z.string(),
  name: z.string(),
  forwards_to: z.string().nullable(),
  deletes: z.boolean(),
  active: z.boolean(),
});

export type Rule = z.infer<typeof rule>;

export async function readRules(client: BearerClient, id: string, signal: AbortSignal): Promise<readonly Rule[]> {
  return parsed(z.array(rule), await client.get({ path: '/v1/mailboxes/{id}/rules', params: { id }, signal }));
}
