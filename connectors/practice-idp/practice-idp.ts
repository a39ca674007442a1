// The practice range's identity provider, shaped like a cloud one: ids, a status, sessions, rights, applications.
import { z } from 'zod';
import { bearerClient, parsed } from '../bearer-client.ts';
import { practiceConfig } from '../config.ts';
import { connector } from '../connector.ts';
import { findUsers, listUsers } from './accounts.ts';
import { findApps } from './apps.ts';
import { disableApp } from './disable-app.ts';
import { disableUser } from './disable-user.ts';
import { expirePassword } from './expire-password.ts';
import { listInactive } from './list-inactive.ts';
import { listPrivileges } from './list-privileges.ts';
import { lookupApp } from './lookup-app.ts';
import { lookupUser } from './lookup-user.ts';
import { revokeSessions } from './revoke-sessions.ts';
import { searchSignIns } from './search-signins.ts';
import { suspendPrivileges } from './suspend-privileges.ts';

export const practiceIdp = connector({
  type: 'practice-idp',
  title: 'Practice identity provider',
  simulated: true,
  config: practiceConfig('idp'),
  open: bearerClient,
  close: async (client) => client.close(),
  ping: async (client, signal) => {
    const me = parsed(z.object({ login: z.string() }), await client.get({ path: '/api/v1/me', signal }));
    return { as: me.login };
  },
  resolve: async (client, kind, ref, signal) => {
    if (kind === 'user') return findUsers(client, ref, signal);
    return kind === 'app' ? findApps(client, ref, signal) : [];
  },
  directory: listUsers,
  actions: [
    lookupUser,
    disableUser,
    revokeSessions,
    expirePassword,
    listPrivileges,
    suspendPrivileges,
    searchSignIns,
    listInactive,
    lookupApp,
    disableApp,
  ],
});
