// notify.message: a message to a channel or a person. The product removes doubles by our key.
import { z } from 'zod';
import type { BearerClient } from '../bearer-client.ts';
import { sent } from '../connector.ts';
import { line, text } from '../params.ts';
import { chatCall } from './chat-call.ts';

export const postMessage = sent({
  verb: 'notify.message',
  risk: 'additive',
  delivery: 'keyed',
  input: z.strictObject({ to: line, text }),
  output: z.strictObject({ sent: z.boolean() }),
  permissions: 'chat:write',
  docs: '/chat/api/chat.postMessage',
  example: { to: '#soc', text: 'Eve Adams was disabled.' },
  landsWithinMs: 2_000,
  run: async (client: BearerClient, input, _, context) => {
    await chatCall(client, 'chat.postMessage', { channel: input.to, text: input.text }, context);
    return { sent: true };
  },
  says: (input) => `Tell ${input.to}: ${input.text}`,
});
