// mail.disable_rules: every rule of the mailbox is turned off, and the same ones on again.
import { z } from 'zod';
import type { BearerClient } from '../bearer-client.ts';
import { type CallContext, reversible } from '../connector.ts';
import { targetOf } from '../exact-match.ts';
import { user, userTarget } from '../params.ts';
import { readRules } from './rules.ts';

export const disableRules = reversible({
  verb: 'mail.disable_rules',
  risk: 'reversible',
  delivery: 'readable',
  input: z.strictObject({ user }),
  output: z.strictObject({ rules: z.array(z.string()).readonly() }),
  permissions: 'mailboxes:write',
  docs: '/mail/v1/mailboxes/{id}/rules/disable',
  example: { user: { id: 'user-011' } },
  landsWithinMs: 2_000,
  target: userTarget,
  read: async (client: BearerClient, _, entity, { signal }) => ({
    active: (await readRules(client, targetOf(entity).id, signal)).filter((rule) => rule.active).map((rule) => rule.id),
  }),
  done: (state) => state.active.length === 0,
  run: (client, _, entity, state, context) => change(client, targetOf(entity).id, 'disable', state.active, context),
  result: (after, before) => ({ rules: before.active.filter((rule) => !after.active.includes(rule)) }),
  undo: async (client, _, entity, before, context) => {
    if (before.active.length > 0) await change(client, targetOf(entity).id, 'enable', before.active, context);
  },
  says: (_, entity, before) => `Turn off ${rulesIn(before?.active.length)} of the mailbox of ${targetOf(entity).name}`,
  saysUndo: (_, entity) => `Turn the rules of the mailbox of ${targetOf(entity).name} on again`,
});

async function change(
  client: BearerClient,
  id: string,
  to: 'enable' | 'disable',
  rules: readonly string[],
  context: CallContext,
): Promise<void> {
  await client.change({ method: 'POST', path: '/v1/mailboxes/{id}/rules/{to}', params: { id, to }, json: { rules } }, context);
}

function rulesIn(count: number | undefined): string {
  if (count === undefined) return 'all rules';
  return count === 1 ? '1 rule' : `${count} rules`;
}
