// ticket.open: search by key, create, search again, merge doubles into the lowest id.
import { z } from 'zod';
import { parsed } from '../bearer-client.ts';
import { type CallContext, ConnectorFailure, readable } from '../connector.ts';
import { line, severity, text, ticket } from '../params.ts';
import { keyMembers, type RtClient, rtId, ticketsByKey, ticketUrl } from './rt-client.ts';

const input = z.strictObject({ title: line, body: text.exactOptional(), severity: severity.exactOptional() });

export const openTicket = readable({
  verb: 'ticket.open',
  risk: 'additive',
  delivery: 'readable',
  input,
  output: z.strictObject({ ticket }),
  permissions: 'SeeQueue, CreateTicket, ShowTicket, ModifyTicket; with keyField: SeeCustomField, ModifyCustomField',
  docs: 'https://docs.bestpractical.com/rt/5.0/RT/REST2.html',
  example: { title: 'Account of Alice Adams contained', severity: 'high' },
  landsWithinMs: 15_000,
  read: async (client: RtClient, _, __, context) => {
    const [id, ...doubles] = await ticketsByKey(client, context.key, context.signal);
    return { id: id ?? null, url: id === undefined ? null : ticketUrl(client.config, id), doubles };
  },
  done: (state) => state.id !== null && state.doubles.length === 0,
  run: async (client, wanted, _, before, context) => {
    const created = before.id === null ? await create(client, wanted, context) : undefined;
    await mergeDoubles(client, created, context);
  },
  result: (after) => {
    if (after.id === null || after.url === null) throw new Error('a ticket that was read back has an id');
    return { ticket: { id: String(after.id), url: after.url } };
  },
  says: (wanted) => `Open a ticket: ${wanted.title}`,
});

async function create(client: RtClient, wanted: z.infer<typeof input>, context: CallContext): Promise<number> {
  const { queue } = client.config;
  const content = [wanted.body ?? '', wanted.severity === undefined ? '' : `Severity: ${wanted.severity}`]
    .filter((each) => each !== '')
    .join('\n\n');
  // One line: RT makes a mail subject of it.
  const subject = wanted.title.replace(/\s+/g, ' ').trim();
  const json = {
    Queue: queue,
    Subject: subject,
    Content: content === '' ? subject : content,
    ContentType: 'text/plain',
    ...keyMembers(client.config, context.key),
  };
  const answer = await client.change('POST', { path: '/ticket', json }, context);
  return parsed(z.object({ id: rtId }), answer, 'change').id;
}

/** RT keeps a ticket but drops a key that it does not like (a misspelt field, "unique values"): such a one has to be found by its id. */
async function mergeDoubles(client: RtClient, created: number | undefined, context: CallContext): Promise<void> {
  const keyed = await ticketsByKey(client, context.key, context.signal);
  const [kept] = keyed;
  if (kept === undefined) {
    if (created === undefined) return;
    throw new ConnectorFailure(
      'permanent',
      'KEY_NOT_STORED',
      `Ticket ${created} was opened, but Request Tracker did not keep our key on it, so a repeat would open another. Check that the field exists, applies to the queue and may be modified by the account.`,
    );
  }
  const doubles = new Set([...keyed, ...(created === undefined ? [] : [created])]);
  doubles.delete(kept);
  for (const id of [...doubles].sort((a, b) => a - b)) {
    // 200 whatever happens; the search that reads this step back tells the truth.
    await client.change('PUT', { path: '/ticket/{id}', params: { id: String(id) }, json: { MergeInto: String(kept) } }, context);
  }
}
