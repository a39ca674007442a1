// The practice range's messenger and pager. Like many it answers 200 to everything and says in the body whether it worked.
import { z } from 'zod';
import { bearerClient, parsed } from '../bearer-client.ts';
import { practiceConfig } from '../config.ts';
import { connector } from '../connector.ts';
import { refusal } from './chat-call.ts';
import { pagePeople } from './page-people.ts';
import { postMessage } from './post-message.ts';

export const practiceChat = connector({
  type: 'practice-chat',
  title: 'Practice messenger',
  simulated: true,
  config: practiceConfig('chat'),
  open: bearerClient,
  close: async (client) => client.close(),
  ping: async (client, signal) => {
    const answer = await client.get({ path: '/api/auth.test', signal });
    const me = parsed(z.object({ ok: z.boolean(), user: z.string().optional(), error: z.string().optional() }), answer);
    if (!me.ok) throw refusal(me.error);
    return { as: me.user ?? 'unknown' };
  },
  actions: [postMessage, pagePeople],
});
