// Where people are asked: a connector that carries messages, and whom there. `channels:` of cordon.yaml.
import type { OpenConnectors } from '../connectors/registry.ts';
import type { Messages } from '../connectors/talk.ts';
import type { Addressed } from '../policy/addressed.ts';
import { pagerMessages } from './pager-messages.ts';
import { verbMessages } from './verb-messages.ts';

export interface Channel {
  readonly connector: string;
  /** As the product names it: a channel's id, an address. */
  readonly to: string;
  /** Whom it is for: `role:responder`, `group:treasury`, `oncall:soc-lead`, `person:eve`. Absent: everybody. */
  readonly for?: readonly string[];
}

/** A connector as far as it carries messages, with its own client. */
export interface Carrier {
  readonly client: unknown;
  readonly messages: Messages<unknown>;
}

/** Undefined: there is no such connector, or it carries no messages. */
export function carrierOf(connectors: OpenConnectors, id: string): Carrier | undefined {
  const instance = connectors.instance(id);
  if (instance === undefined) return undefined;
  const messages = instance.connector.messages ?? pagerMessages(instance) ?? verbMessages(connectors, instance);
  return messages && { client: instance.client, messages };
}

/** Throws an Error that says what is wrong with the channels of cordon.yaml. */
export function checkChannels(connectors: OpenConnectors, channels: readonly Channel[]): void {
  for (const { connector, to } of channels) {
    if (connectors.instance(connector) === undefined) throw new Error(`channels: there is no connector "${connector}"`);
    const carrier = carrierOf(connectors, connector);
    if (carrier === undefined) throw new Error(`channels: "${connector}" cannot send messages`);
    const wrong = carrier.messages.refuses(carrier.client, to);
    if (wrong !== undefined) throw new Error(`channels: ${connector}: "${to}" ${wrong}`);
  }
}

/** Throws an Error where what hears of pages that do not get through is down with every one of those that carry them. */
export function checkPages({ to, otherwise }: { readonly to: readonly Channel[]; readonly otherwise: readonly Channel[] }): void {
  const helps = otherwise.some((other) => to.some(({ connector }) => connector !== other.connector));
  if (otherwise.length === 0 || to.length === 0 || helps) return;
  throw new Error(
    `pages.otherwise: "${otherwise[0]?.connector}" carries the pages themselves, so that nothing goes there when it is down; name a channel of another connector`,
  );
}

/** Channels for what is put to these; one that is for nobody in particular is for all. */
export const channelsFor = (channels: readonly Channel[], addressed: readonly Addressed[]): readonly Channel[] =>
  channels.filter(({ for: whom }) => whom === undefined || addressed.some((one) => whom.includes(wordOf(one))));

function wordOf({ role, group, oncall, person }: Addressed): string {
  if (person !== undefined) return `person:${person.toLowerCase()}`;
  if (group !== undefined) return `group:${group}`;
  return oncall === undefined ? `role:${role ?? 'analyst'}` : `oncall:${oncall}`;
}
