// Keycloak 26: accounts and sessions of one realm.
import { ConnectorFailure, connector } from '../connector.ts';
import { adminClient, keycloakConfig } from './admin-client.ts';
import { disableUser } from './disable-user.ts';
import { listUsers } from './list-users.ts';
import { lookupUser } from './lookup-user.ts';
import { revokeSessions } from './revoke-sessions.ts';
import { findUsers } from './users.ts';

export const keycloak = connector({
  type: 'keycloak',
  title: 'Keycloak',
  config: keycloakConfig,
  open: (config, ports) => adminClient(config, ports),
  close: async (client) => client.close(),
  ping: async (client, signal) => {
    const { subject, roles } = await client.whoAmI(signal);
    // Where tokens carry no roles at all, the search below has to do.
    if (roles.length > 0 && !roles.includes('manage-users')) {
      throw new ConnectorFailure(
        'permanent',
        'FORBIDDEN',
        `${subject} lacks the role manage-users of realm-management: it can look but not act.`,
      );
    }
    // The token says what we may; a search shows that this server agrees.
    await client.get({ path: '/users', query: { max: 1 } }, signal);
    return { as: subject, detail: roles.join(', ') };
  },
  resolve: async (client, kind, ref, signal) => (kind === 'user' ? findUsers(client, ref, signal) : []),
  directory: (client, signal) => listUsers(client, signal),
  actions: [lookupUser, disableUser, revokeSessions],
});
