// Microsoft Teams, by a Workflows address. Its cards link to the console; nothing is decided in Teams.
import { z } from 'zod';
import { ConnectorFailure, connector, sent } from '../connector.ts';
import { line, text } from '../params.ts';
import type { Message, Messages } from '../talk.ts';
import { cardOf } from './card.ts';
import { type TeamsClient, teamsClient, teamsConfig } from './teams-client.ts';

const teamsMessages: Messages<TeamsClient> = {
  whenUnclear: 'never',
  buttons: false,
  refuses: (client, to) => (to === client.channel ? undefined : `this address posts to "${client.channel}" only`),
  post: async (client, message, signal) => {
    await client.post(cardOf(message), signal);
    return null;
  },
};

const postCard = sent({
  verb: 'notify.message',
  risk: 'additive',
  delivery: 'repeatable',
  input: z.strictObject({ to: line, text }),
  output: z.strictObject({ sent: z.boolean() }),
  permissions: 'the address of a workflow that posts cards to the channel',
  docs: 'https://learn.microsoft.com/connectors/teams/#microsoft-teams-webhook',
  example: { to: 'teams', text: 'Eve Adams was disabled.' },
  landsWithinMs: 30_000,
  run: async (client: TeamsClient, input, _, context) => {
    const wrong = teamsMessages.refuses(client, input.to);
    if (wrong !== undefined)
      throw new ConnectorFailure('permanent', 'RECIPIENT_REFUSED', `The recipient is refused: ${wrong}; nothing was sent.`);
    const [title = '', ...lines] = input.text.split('\n');
    const message: Message = { key: context.key, to: input.to, title, lines, repeat: context.repeat === true };
    context.sending();
    await client.post(cardOf(message), context.signal);
    return { sent: true };
  },
  says: (input) => `Tell ${input.to}: ${input.text}`,
});

export const teams = connector({
  type: 'teams',
  title: 'Microsoft Teams',
  config: teamsConfig,
  open: teamsClient,
  close: async (client) => client.close(),
  // The address answers to nothing but a card, so who we are there cannot be asked without writing to people.
  ping: async (client, signal) => {
    signal.throwIfAborted();
    return { as: `the workflow of ${client.channel}`, detail: 'cannot be checked without posting a card' };
  },
  messages: teamsMessages,
  actions: [postCard],
});
