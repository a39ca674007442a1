// notify.message: a message to a channel or a person. The product removes doubles by our key.
import { z } from 'zod';
import { type BearerClient, parsed } from '../bearer-client.ts';
import { ConnectorFailure, sent } from '../connector.ts';
import { line, text } from '../params.ts';

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
    const json = { channel: input.to, text: input.text, client_msg_id: context.key };
    const answer = parsed(
      z.object({ ok: z.boolean(), error: z.string().optional() }),
      await client.change({ method: 'POST', path: '/api/chat.postMessage', json }, context),
      'change',
    );
    if (!answer.ok) throw refusal(answer.error);
    return { sent: true };
  },
  says: (input) => `Tell ${input.to}: ${input.text}`,
});

const REFUSALS: Readonly<Record<string, ConnectorFailure['kind']>> = { ratelimited: 'retryable', service_unavailable: 'retryable' };

/** The product's own error word, as a failure. It says so before it acts. */
export function refusal(word = 'unknown_error'): ConnectorFailure {
  const known = /^[a-z_]{1,40}$/.test(word) ? word : 'unknown_error';
  const code = known === 'ratelimited' ? 'RATE_LIMITED' : known === 'invalid_auth' ? 'UNAUTHORIZED' : 'REFUSED';
  return new ConnectorFailure(REFUSALS[known] ?? 'permanent', code, `The messenger refused it: ${known}.`);
}
