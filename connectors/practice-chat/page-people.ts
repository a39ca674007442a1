// notify.page: wakes people through the messenger's pager, which removes doubles by our key.
import { z } from 'zod';
import type { BearerClient } from '../bearer-client.ts';
import { sent } from '../connector.ts';
import { people, text } from '../params.ts';
import { chatCall } from './chat-call.ts';

export const pagePeople = sent({
  verb: 'notify.page',
  risk: 'additive',
  delivery: 'keyed',
  input: z.strictObject({ to: people, text }),
  output: z.strictObject({ paged: z.boolean() }),
  permissions: 'pager:write',
  docs: '/chat/api/pager.page',
  example: { to: { oncall: 'soc-lead' }, text: 'wks-007 is not isolated.' },
  landsWithinMs: 2_000,
  run: async (client: BearerClient, input, _, context) => {
    await chatCall(client, 'pager.page', { target: whom(input.to), text: input.text }, context);
    return { paged: true };
  },
  says: (input) => `Page ${whom(input.to)}: ${input.text}`,
});

/** `oncall:soc-lead`: as the pager names its targets. */
const whom = (to: z.infer<typeof people>): string =>
  Object.entries(to)
    .map(([kind, name]) => `${kind}:${name}`)
    .join();
