// A stateful fake of Request Tracker 5's REST 2.0, with the traits that were measured on the real one: no idempotency, unknown
// fields ignored, 200 on a PUT that did nothing, comments without their text in the history.
import { type Call, notFound, type Outcome, type Product } from '../../../range/product.ts';

interface TicketValue {
  readonly number: number;
  readonly subject: string;
  readonly key: string | null;
  readonly refersTo: string | null;
  readonly mergedInto: number | null;
  readonly comments: readonly string[];
}

export const RT_TOKEN = 'made-up-rt-token';
export const RT_FIELD = 'Cordon Key';

interface Options {
  /** The field rejects a value that is there already: the ticket is made without it. */
  readonly unique?: boolean;
  /** How often a create is doubled, as by a race: another ticket with the same key appears beside it. */
  readonly fieldKept?: boolean;
}

const all = (call: Call) => [...call.things.values()].map(({ value }) => value as unknown as TicketValue); // seeded (empty) and changed here alone

function about(call: Call, answer: (ticket: TicketValue) => Outcome): Outcome {
  const found = all(call).find((each) => String(each.number) === call.params.id);
  return found === undefined ? notFound('ticket') : { target: String(found.number), ...answer(found) };
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

export function rtProduct({ unique = false, fieldKept = true }: Options = {}): Product {
  return {
    name: 'rt',
    seed: () => new Map(),
    routes: [
      {
        method: 'GET',
        path: '/REST/2.0/user/:name',
        word: null,
        handle: ({ params }) => ({ status: 200, body: params.name === 'cordon' ? { Name: 'cordon', Memberships: [] } : { Privileged: 1 } }),
      },
      {
        method: 'GET',
        path: '/REST/2.0/queue/:name',
        word: null,
        handle: ({ params }) =>
          params.name === 'Security'
            ? { status: 200, body: { Name: 'Security', TicketCustomFields: [{ id: '1', name: RT_FIELD }] } }
            : notFound('queue'),
      },
      { method: 'GET', path: '/REST/2.0/tickets', word: null, handle: search },
      { method: 'POST', path: '/REST/2.0/ticket', word: 'ticket', handle: (call) => create(call, unique, fieldKept) },
      {
        method: 'GET',
        path: '/REST/2.0/ticket/:id',
        word: null,
        handle: (call) =>
          about(call, (ticket) => ({
            status: 200,
            body: { id: ticket.number, Subject: ticket.subject, EffectiveId: { id: String(ticket.mergedInto ?? ticket.number) } },
          })),
      },
      { method: 'PUT', path: '/REST/2.0/ticket/:id', word: 'merge', handle: merge },
      { method: 'POST', path: '/REST/2.0/ticket/:id/comment', word: 'comment', handle: comment },
      {
        method: 'GET',
        path: '/REST/2.0/ticket/:id/history',
        word: null,
        handle: (call) =>
          about(call, (ticket) => ({
            status: 200,
            body: {
              items: [
                { id: '1', Type: 'Create' },
                ...ticket.comments.map((_, index) => ({ id: String(ticket.number * 1_000 + index), Type: 'Comment' })),
              ],
              total: ticket.comments.length + 1,
            },
          })),
      },
      {
        method: 'GET',
        path: '/REST/2.0/transaction/:id',
        word: null,
        handle: ({ params }) => ({
          status: 200,
          body: { _hyperlinks: [{ ref: 'self' }, { ref: 'attachment', _url: `http://127.0.0.1/REST/2.0/attachment/${params.id}` }] },
        }),
      },
      {
        method: 'GET',
        path: '/REST/2.0/attachment/:id',
        word: null,
        handle: (call) => ({ status: 200, body: { Content: Buffer.from(commentOf(call)).toString('base64') } }),
      },
    ],
  };
}

function commentOf(call: Call): string {
  const id = Number(call.params.id);
  return all(call).find((each) => each.number === Math.floor(id / 1_000))?.comments[id % 1_000] ?? '';
}

function search(call: Call): Outcome {
  const query = call.query.get('query') ?? '';
  const field = /^CF\.\{([^{}']+)\} = '([^']*)'$/.exec(query);
  const link = /^RefersTo = '([^']*)'$/.exec(query);
  const matches = (ticket: TicketValue) =>
    field !== null ? field[1] === RT_FIELD && ticket.key === field[2] : link !== null && ticket.refersTo === link[1];
  const items = all(call).filter((each) => each.mergedInto === null && matches(each));
  return { status: 200, body: { items: items.map((each) => ({ id: String(each.number), type: 'ticket' })), total: items.length } };
}

function create(call: Call, unique: boolean, fieldKept: boolean): Outcome {
  const { Queue, Subject, CustomFields, RefersTo } = call.body;
  if (Queue !== 'Security') return { status: 403, body: { message: 'Permission Denied' } };
  const asked = typeof CustomFields === 'object' && CustomFields !== null && RT_FIELD in CustomFields ? text(CustomFields[RT_FIELD]) : null;
  const key = fieldKept && !(unique && all(call).some((each) => each.key === asked)) ? asked : null;
  const number = call.things.size + 1;
  const ticket: TicketValue = { number, subject: text(Subject), key, refersTo: text(RefersTo) || null, mergedInto: null, comments: [] };
  return {
    status: 201,
    body: { id: String(number), type: 'ticket' },
    target: String(number),
    effect: { word: 'ticket', after: { ...ticket } },
  };
}

function merge(call: Call): Outcome {
  return about(call, (ticket) => {
    const into = Number(call.body.MergeInto);
    if (!call.things.has(String(into))) return { status: 200, body: ['Could not merge'] };
    return { status: 200, body: ['Merge Successful'], effect: { word: 'merge', after: { ...ticket, mergedInto: into } } };
  });
}

function comment(call: Call): Outcome {
  if (call.body.ContentType !== 'text/plain')
    return { status: 400, body: { message: 'ContentType is a required field for application/json' } };
  return about(call, (ticket) => ({
    status: 201,
    body: ['Comments added'],
    effect: { word: 'comment', after: { ...ticket, comments: [...ticket.comments, text(call.body.Content)] } },
  }));
}
