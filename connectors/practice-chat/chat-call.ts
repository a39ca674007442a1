// A call of the messenger, which answers 200 to what it refuses. It says so before it acts.
import { z } from 'zod';
import { type BearerClient, parsed } from '../bearer-client.ts';
import { type CallContext, ConnectorFailure, type Json } from '../connector.ts';

const answered = z.object({ ok: z.boolean(), error: z.string().optional() });

/** Throws ConnectorFailure. The product removes doubles by our key. */
export async function chatCall(
  client: BearerClient,
  method: 'chat.postMessage' | 'pager.page',
  words: Readonly<Record<string, Json>>,
  context: CallContext,
): Promise<void> {
  const json = { ...words, client_msg_id: context.key };
  const answer = parsed(answered, await client.change({ method: 'POST', path: `/api/${method}`, json }, context), 'change');
  if (!answer.ok) throw refusal(answer.error);
}

const REFUSALS: Readonly<Record<string, ConnectorFailure['kind']>> = { ratelimited: 'retryable', service_unavailable: 'retryable' };

/** The product's own error word, as a failure. */
export function refusal(word = 'unknown_error'): ConnectorFailure {
  const known = /^[a-z_]{1,40}$/.test(word) ? word : 'unknown_error';
  const code = known === 'ratelimited' ? 'RATE_LIMITED' : known === 'invalid_auth' ? 'UNAUTHORIZED' : 'REFUSED';
  return new ConnectorFailure(REFUSALS[known] ?? 'permanent', code, `The messenger refused it: ${known}.`);
}
