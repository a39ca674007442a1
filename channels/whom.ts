// Where certain people are told something beside everybody else: channels that are for them, and their own address where mail goes to it.
import type { PageRecipient } from '../store/pages.ts';
import type { Db } from '../store/store.ts';
import { channelsFor } from './channel.ts';
import type { ChannelDeps } from './deps.ts';

export type WhomDeps = Pick<ChannelDeps, 'channels' | 'connectors'>;

/** `logins`: sign-in names. Empty where nothing leads to any of them. */
export async function recipientsOf(deps: WhomDeps, logins: readonly string[], db: Db): Promise<readonly PageRecipient[]> {
  if (logins.length === 0) return [];
  const people = await db.selectFrom('people').select(['login', 'email', 'role']).where('login', 'in', logins).execute();
  const named = deps.channels.filter((channel) => channel.for !== undefined);
  const theirs = channelsFor(
    named,
    people.flatMap(({ login, email, role }) => [{ person: login }, ...(email === null ? [] : [{ person: email }]), { role }]),
  );
  const addresses = people.flatMap(({ login, email }) => email ?? (login.includes('@') ? login : []));
  return [...theirs.map(({ connector, to }) => ({ connector, recipient: to })), ...addresses.flatMap((one) => mailTo(deps, one))];
}

/** The first connector that carries messages and takes an address as a recipient: one mail is enough. */
function mailTo({ connectors }: WhomDeps, address: string): readonly PageRecipient[] {
  const carrier = connectors.instances.find(
    ({ client, connector }) => connector.messages?.refuses(client, address) === undefined && connector.messages,
  );
  return carrier === undefined ? [] : [{ connector: carrier.id, recipient: address }];
}
