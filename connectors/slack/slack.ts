// Slack, through an app with a bot token. People decide there by buttons once their identity is bound to a sign-in of ours.
import { z } from 'zod';
import { connector } from '../connector.ts';
import { postMessage } from './post-message.ts';
import { slackClient, slackConfig } from './slack-client.ts';
import { slackMessages } from './slack-messages.ts';

export const slack = connector({
  type: 'slack',
  title: 'Slack',
  config: slackConfig,
  open: slackClient,
  close: async (client) => client.close(),
  ping: async (client, signal) => {
    const me = await client.read('auth.test', {}, z.looseObject({ user: z.string(), team: z.string().optional() }), signal);
    return { as: me.user, ...(me.team === undefined ? {} : { detail: `in ${me.team}` }) };
  },
  messages: slackMessages,
  actions: [postMessage],
});
