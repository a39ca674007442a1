// notify.message: to a channel, as plain words.
import { z } from 'zod';
import { sent } from '../connector.ts';
import { line, text } from '../params.ts';
import type { SlackClient } from './slack-client.ts';
import { slackMessages } from './slack-messages.ts';

export const postMessage = sent({
  verb: 'notify.message',
  risk: 'additive',
  delivery: 'repeatable',
  input: z.strictObject({ to: line, text }),
  output: z.strictObject({ sent: z.boolean() }),
  permissions: 'chat:write, and to be a member of the channel',
  docs: 'https://docs.slack.dev/reference/methods/chat.postMessage',
  example: { to: 'C0123ABC', text: 'Eve Adams was disabled.' },
  landsWithinMs: 5_000,
  run: async (client: SlackClient, input, _, context) => {
    const [title = '', ...lines] = input.text.split('\n');
    context.sending();
    const message = { key: context.key, to: input.to, title, lines, repeat: context.repeat === true };
    await slackMessages.post(client, message, context.signal);
    return { sent: true };
  },
  says: (input) => `Tell ${input.to}: ${input.text}`,
});
