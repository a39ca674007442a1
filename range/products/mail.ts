// A mail store: copies of messages in mailboxes, and their quarantine.
import { MAILS, type Mail } from '../people.ts';
import { badRequest, type Call, notFound, type Outcome, type Product } from '../product.ts';
import { mailRoutes, mailSeed } from './mail-rules.ts';

interface CopyValue {
  readonly quarantined: boolean;
  /** When it came in, ms. */
  readonly receivedMs: number;
}

const byId = new Map(MAILS.map((mail) => [mail.id, mail]));
const MINUTE_MS = 60_000;

export const mail: Product = {
  name: 'mail',
  seed: (nowMs) =>
    new Map([
      ...MAILS.map(({ id, ageMinutes }) => [id, { quarantined: false, receivedMs: nowMs - ageMinutes * MINUTE_MS }] as const),
      ...mailSeed(),
    ]),
  routes: [
    { method: 'GET', path: '/v1/whoami', word: null, handle: () => ({ status: 200, body: { application: 'cordon@range' } }) },
    { method: 'GET', path: '/v1/messages', word: null, handle: search },
    {
      method: 'GET',
      path: '/v1/messages/:id',
      word: null,
      handle: (call) => about(call, (found) => ({ status: 200, body: show(call, found) })),
    },
    { method: 'POST', path: '/v1/messages/:id/quarantine', word: 'quarantine', handle: (call) => move(call, 'quarantine', true) },
    { method: 'POST', path: '/v1/messages/:id/restore', word: 'restore', handle: (call) => move(call, 'restore', false) },
    ...mailRoutes,
  ],
};

// Seeded for each message, and changed by this file alone.
const copyOf = (call: Call, id: string) => (call.things.get(id)?.value ?? { quarantined: false, receivedMs: 0 }) as unknown as CopyValue;

function about(call: Call, answer: (found: Mail) => Outcome): Outcome {
  const found = byId.get(call.params.id ?? '');
  return found === undefined ? notFound('message') : { target: found.id, ...answer(found) };
}

function move(call: Call, word: string, quarantined: boolean): Outcome {
  return about(call, ({ id }) => ({ status: 200, body: {}, effect: { word, after: { ...copyOf(call, id), quarantined } } }));
}

/** By one id (the store's or the Message-ID), or by sender and subject together; exact. */
function search(call: Call): Outcome {
  const [messageId, from, subject] = ['message_id', 'from', 'subject'].map((name) => call.query.get(name));
  if (!messageId && !(from && subject)) return badRequest('filter by message_id, or by from and subject');
  const newerThanMs = call.nowMs - Number(call.query.get('newer_than_s') ?? Number.POSITIVE_INFINITY) * 1_000;
  const same = (each: Mail) =>
    messageId ? each.id === messageId || each.messageId === messageId : each.from === from && each.subject === subject;
  return {
    status: 200,
    body: MAILS.filter((each) => same(each) && copyOf(call, each.id).receivedMs >= newerThanMs).map((each) => show(call, each)),
  };
}

function show(call: Call, { id, messageId, mailbox, from, subject, urls }: Mail) {
  return { id, message_id: messageId, mailbox, from, subject, urls: [...urls], quarantined: copyOf(call, id).quarantined };
}
