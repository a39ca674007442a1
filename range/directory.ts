// What there is and how it stands now: the range's answer to "did it really happen".
import type { Json } from '../connectors/connector.ts';
import { COMPUTERS, type Computer, MAILS, PEOPLE, type Person } from './people.ts';
import { deviceStatus } from './products/edr.ts';
import { accountOf } from './products/idp.ts';
import type { Serving } from './serve.ts';

export function directory(serving: Serving): Json {
  const listed = (product: string) => [...serving.state.things(product)].map(([id, { value }]) => ({ id, value }));
  return {
    users: PEOPLE.map((person) => showPerson(serving, person)),
    hosts: COMPUTERS.map((computer) => showComputer(serving, computer)),
    messages: MAILS.map((mail) => ({ ...mail, state: serving.state.things('mail').get(mail.id)?.value ?? null })),
    blocked: listed('firewall'),
    tickets: listed('tickets'),
    chat: listed('chat'),
  };
}

/** `?user=user-007&host=wks-007`, each by id, and a user by e-mail too; null for what there is not. */
export function live(serving: Serving, query: URLSearchParams): Json {
  const user = query.get('user');
  const host = query.get('host');
  const person = PEOPLE.find((each) => each.id === user || each.email === user);
  const computer = COMPUTERS.find((each) => each.id === host);
  return {
    user: person === undefined ? null : showPerson(serving, person),
    host: computer === undefined ? null : showComputer(serving, computer),
  };
}

function showPerson(serving: Serving, { id, name, login, email }: Person) {
  const { enabled, sessions } = accountOf(serving.state.things('idp'), id);
  return { id, name, login, email, enabled, sessions };
}

function showComputer(serving: Serving, { id, ip, owner, kind, online }: Computer) {
  const status = deviceStatus({ things: serving.state.things('edr'), nowMs: serving.now(), settleMs: serving.settleMs }, id, online);
  return { id, name: id, ip, owner, kind, online, status, isolated: status === 'isolated' || status === 'release_pending' };
}
