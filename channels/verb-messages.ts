// A connector that has notify.message and no messages of its own: it is told in plain words, under a key by which it removes doubles.
import type { CallContext, Json } from '../connectors/connector.ts';
import type { Instance, OpenConnectors } from '../connectors/registry.ts';
import type { Message, Messages } from '../connectors/talk.ts';

const VERB = 'notify.message';

export function verbMessages(connectors: OpenConnectors, instance: Instance): Messages<unknown> | undefined {
  const action = connectors.actionOf(instance, VERB);
  if (action === undefined || !('delivery' in action)) return undefined;
  return {
    whenUnclear: action.delivery === 'once' ? 'never' : 'repeat',
    buttons: false,
    refuses: (_, to) => (action.input.safeParse({ to, text: 'x' }).success ? undefined : `is nothing that "${instance.id}" can write to`),
    post: async (client, message, signal) => {
      const input = action.input.parse({ to: message.to, text: wordsOf(message) });
      const context: CallContext = { key: message.key, signal, sending: () => undefined, repeat: message.repeat === true };
      if (action.delivery !== 'readable') await action.run(client, input, undefined, context);
      else {
        const state: Json = await action.read(client, input, undefined, context);
        if (!action.done(state, input)) await action.run(client, input, undefined, state, context);
      }
      return null;
    },
  };
}

const wordsOf = ({ title, lines, link }: Message): string => [title, ...lines, ...(link === undefined ? [] : [link.url])].join('\n');
