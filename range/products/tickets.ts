// A ticket system with no idempotency of its own: the same ticket twice makes two.
import { badRequest, type Call, notFound, type Outcome, type Product, type Thing } from '../product.ts';

interface TicketValue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly severity: string;
  readonly correlation_id: string | null;
  readonly mergedInto: string | null;
  readonly comments: readonly { readonly text: string; readonly correlation_id: string | null }[];
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

// The map is seeded (empty) and changed by this file alone.
const ticketOf = (thing: Thing) => thing.value as unknown as TicketValue;

export const tickets: Product = {
  name: 'tickets',
  seed: () => new Map(),
  routes: [
    { method: 'GET', path: '/v2/whoami', word: null, handle: () => ({ status: 200, body: { user: 'cordon@range' } }) },
    // What people open from the console: needs no token.
    {
      method: 'GET',
      path: '/view/:id',
      word: null,
      open: true,
      handle: (call) =>
        about(call, (id, ticket) => ({ status: 200, body: { ...show(id, ticket), body: ticket.body, comments: [...ticket.comments] } })),
    },
    { method: 'GET', path: '/v2/tickets', word: null, handle: search },
    { method: 'POST', path: '/v2/tickets', word: 'ticket', handle: create },
    {
      method: 'GET',
      path: '/v2/tickets/:id',
      word: null,
      handle: (call) => about(call, (id, ticket) => ({ status: 200, body: show(id, ticket) })),
    },
    {
      method: 'GET',
      path: '/v2/tickets/:id/comments',
      word: null,
      handle: (call) => about(call, (_, ticket) => ({ status: 200, body: [...ticket.comments] })),
    },
    { method: 'POST', path: '/v2/tickets/:id/comments', word: 'comment', handle: comment },
    { method: 'POST', path: '/v2/tickets/:id/merge', word: 'merge', handle: merge },
  ],
};

function about(call: Call, answer: (id: string, ticket: TicketValue) => Outcome): Outcome {
  const id = call.params.id ?? '';
  const thing = call.things.get(id);
  return thing === undefined ? notFound('ticket') : { target: id, ...answer(id, ticketOf(thing)) };
}

function search(call: Call): Outcome {
  const key = call.query.get('correlation_id');
  if (!key) return badRequest('filter by correlation_id');
  // No copies: a benchmark leaves thousands of tickets here.
  const found = [];
  for (const [id, thing] of call.things) {
    const ticket = ticketOf(thing);
    if (ticket.correlation_id === key && ticket.mergedInto === null) found.push(show(id, ticket));
  }
  return { status: 200, body: found };
}

function create(call: Call): Outcome {
  const title = text(call.body.title);
  if (title === '') return badRequest('title is required');
  const number = call.things.size + 1;
  const id = `T-${number}`;
  const ticket: TicketValue = {
    number,
    title,
    body: text(call.body.body),
    severity: text(call.body.severity),
    correlation_id: text(call.body.correlation_id) || null,
    mergedInto: null,
    comments: [],
  };
  return { status: 201, body: show(id, ticket), target: id, effect: { word: 'ticket', after: { ...ticket } } };
}

function comment(call: Call): Outcome {
  return about(call, (_, ticket) => {
    const written = { text: text(call.body.text), correlation_id: text(call.body.correlation_id) || null };
    if (written.text === '') return badRequest('text is required');
    return { status: 201, body: written, effect: { word: 'comment', after: { ...ticket, comments: [...ticket.comments, written] } } };
  });
}

function merge(call: Call): Outcome {
  const into = text(call.body.into);
  if (!call.things.has(into)) return badRequest('into names no ticket');
  return about(call, (id, ticket) =>
    id === into
      ? badRequest('a ticket cannot be merged into itself')
      : { status: 200, body: {}, effect: { word: 'merge', after: { ...ticket, mergedInto: into } } },
  );
}

function show(id: string, { number, title, severity, correlation_id, mergedInto }: TicketValue) {
  return { id, number, title, severity, correlation_id, mergedInto };
}
