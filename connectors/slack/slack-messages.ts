// Posts, finds and edits messages in Slack.
import { z } from 'zod';
import { ConnectorFailure, type Json } from '../connector.ts';
import type { Message, Messages } from '../talk.ts';
import { blocksOf, fallbackOf, markOf } from './blocks.ts';
import type { SlackClient } from './slack-client.ts';

/** A clock of ours may be ahead of Slack's by this much, ms. */
const CLOCK_MARGIN_MS = 120_000;
const PAGE = 200;
const MAX_PAGES = 10;

const posted = z.looseObject({ channel: z.string(), ts: z.string() });
const place = z.looseObject({ channel: z.string(), ts: z.string() });
const known = z.looseObject({ user: z.looseObject({ profile: z.looseObject({ email: z.string().optional() }).optional() }) });
const history = z.looseObject({
  messages: z.array(z.looseObject({ ts: z.string(), blocks: z.array(z.looseObject({ block_id: z.string().optional() })).optional() })),
  has_more: z.boolean().optional(),
  response_metadata: z.looseObject({ next_cursor: z.string().optional() }).optional(),
});

export const slackMessages: Messages<SlackClient> = {
  whenUnclear: 'find',
  buttons: true,
  refuses: (_, to) =>
    /^[CGD][A-Z0-9]{2,20}$/.test(to) ? undefined : 'must be the id of a channel (C0123ABC), as "View channel details" shows it at its end',
  post: async (client, message, signal) => {
    const { only, follows } = message;
    if (only !== undefined) {
      await client.call('chat.postEphemeral', { ...common(client, message), channel: message.to, user: only }, z.looseObject({}), signal);
      return null;
    }
    const thread = place.safeParse(follows);
    const form = {
      ...common(client, message),
      channel: message.to,
      unfurl_links: 'false',
      unfurl_media: 'false',
      ...(thread.success ? { thread_ts: thread.data.ts, reply_broadcast: 'true' } : {}),
    };
    const { channel, ts } = await client.call('chat.postMessage', form, posted, signal);
    return { channel, ts };
  },
  find: async (client, message, sinceMs, signal) => {
    if (message.only !== undefined) return undefined; // nobody can look for those; another one does no harm
    let cursor = '';
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const oldest = String(Math.floor((sinceMs - CLOCK_MARGIN_MS) / 1000));
      const query = { channel: message.to, oldest, limit: String(PAGE), ...(cursor === '' ? {} : { cursor }) };
      const { messages, has_more: more, response_metadata: next } = await client.read('conversations.history', query, history, signal);
      const mine = messages.find((one) => one.blocks?.some((block) => block.block_id === markOf(message.key)) === true);
      if (mine !== undefined) return { channel: message.to, ts: mine.ts };
      cursor = next?.next_cursor ?? '';
      if (more !== true || cursor === '') return undefined;
    }
    throw new ConnectorFailure(
      'retryable',
      'TOO_MUCH',
      `More than ${MAX_PAGES * PAGE} messages were written since: nobody can say whether it is there.`,
    );
  },
  who: async (client, id, signal) => {
    const { user } = await client.read('users.info', { user: id }, known, signal);
    return user.profile?.email === undefined ? {} : { email: user.profile.email };
  },
  edit: async (client, where, message, signal) => {
    const { channel, ts } = place.parse(where);
    await client.call('chat.update', { ...common(client, message), channel, ts }, z.looseObject({ ts: z.string() }), signal);
  },
};

function common(client: SlackClient, message: Message): Readonly<Record<string, string>> {
  // Without a signing secret a click could not be trusted: then there is nothing to click but the link.
  const shown = client.hasClicks ? message : withoutButtons(message);
  const blocks: readonly Json[] = blocksOf(shown);
  return { text: fallbackOf(message), blocks: JSON.stringify(blocks), parse: 'none', link_names: 'false' };
}

function withoutButtons({ buttons: _, ...message }: Message): Message {
  return message;
}
