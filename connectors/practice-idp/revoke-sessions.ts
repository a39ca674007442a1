// session.revoke: ends all sessions of an account and its refresh tokens.
import { z } from 'zod';
import type { BearerClient } from '../bearer-client.ts';
import { readable } from '../connector.ts';
import { targetOf } from '../exact-match.ts';
import { user, userTarget } from '../params.ts';
import { countSessions } from './accounts.ts';

export const revokeSessions = readable({
  verb: 'session.revoke',
  risk: 'destructive',
  delivery: 'readable',
  input: z.strictObject({ user }),
  output: z.strictObject({ ended: z.number() }),
  permissions: 'sessions:revoke',
  docs: '/idp/api/v1/users/{id}/sessions',
  example: { user: { id: 'user-007' } },
  landsWithinMs: 2_000,
  target: userTarget,
  read: async (client: BearerClient, _, entity, context) => ({
    sessions: await countSessions(client, targetOf(entity).id, context.signal),
  }),
  done: (state) => state.sessions === 0,
  run: async (client, _, entity, __, context) => {
    const query = { oauthTokens: true };
    await client.change({ method: 'DELETE', path: '/api/v1/users/{id}/sessions', params: { id: targetOf(entity).id }, query }, context);
  },
  result: (after, before) => ({ ended: Math.max(0, before.sessions - after.sessions) }),
  says: (_, entity, before) => `End ${sessions(before?.sessions)} of ${targetOf(entity).name} (${targetOf(entity).id})`,
});

function sessions(count: number | undefined): string {
  if (count === undefined) return 'all sessions';
  return count === 1 ? '1 session' : `${count} sessions`;
}
