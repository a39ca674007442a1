// Mailboxes and their rules. A rule that is turned off is still there.
import type { Json } from '../../connectors/connector.ts';
import { mailRulesOf, PEOPLE, type Person } from '../people.ts';
import { badRequest, type Call, notFound, type Outcome, type Route } from '../product.ts';
import { findPeople, personById } from './find-people.ts';

interface RulesValue {
  /** Ids of the rules that run. */
  readonly active: readonly string[];
}

export const mailSeed = (): readonly (readonly [string, Json])[] =>
  PEOPLE.map(({ id }) => [id, { active: mailRulesOf(id).map((rule) => rule.id) }] as const);

export const mailRoutes: readonly Route[] = [
  { method: 'GET', path: '/v1/mailboxes', word: null, handle: findPeople },
  {
    method: 'GET',
    path: '/v1/mailboxes/:id/rules',
    word: null,
    handle: (call) => about(call, (person) => ({ status: 200, body: show(call, person) })),
  },
  { method: 'POST', path: '/v1/mailboxes/:id/rules/disable', word: 'disable-rules', handle: (call) => change(call, 'disable-rules') },
  { method: 'POST', path: '/v1/mailboxes/:id/rules/enable', word: 'enable-rules', handle: (call) => change(call, 'enable-rules') },
];

function about(call: Call, answer: (person: Person) => Outcome): Outcome {
  const person = personById.get(call.params.id ?? '');
  return person === undefined ? notFound('mailbox') : { target: person.id, ...answer(person) };
}

function change(call: Call, word: 'disable-rules' | 'enable-rules'): Outcome {
  return about(call, ({ id }) => {
    const { rules } = call.body;
    if (!Array.isArray(rules) || rules.length === 0) return badRequest('rules: which');
    const active = activeOf(call, id);
    const isActive = (rule: string) => (rules.includes(rule) ? word === 'enable-rules' : active.includes(rule));
    const after = mailRulesOf(id)
      .map((rule) => rule.id)
      .filter(isActive);
    return { status: 200, body: {}, effect: { word, after: { active: after } } };
  });
}

// Seeded for each mailbox, and changed by this file alone.
const activeOf = (call: Call, id: string) => ((call.things.get(id)?.value ?? { active: [] }) as unknown as RulesValue).active;

function show(call: Call, { id }: Person) {
  const active = activeOf(call, id);
  return mailRulesOf(id).map((rule) => ({
    id: rule.id,
    name: rule.name,
    forwards_to: rule.forwardsTo,
    deletes: rule.deletes,
    active: active.includes(rule.id),
  }));
}
