// Tells people: through the messenger that cordon.yaml names, and in the log in any case.
import type { Logger } from 'pino';
import type { OpenConnectors } from '../connectors/registry.ts';

export interface Notifier {
  /** Sends or throws: the caller repeats under the same key, and the messenger removes doubles by it. Without a messenger it only logs. */
  readonly send: (key: string, text: string) => Promise<void>;
  /** Something needs a person now. Never throws; tried a few times. */
  readonly page: (key: string, text: string) => void;
}

const VERB = 'notify.message';
const SEND_WITHIN_MS = 15_000;
const PAGE_PAUSES_MS = [1_000, 5_000, 30_000, 120_000];

export function notifier(
  connectors: OpenConnectors,
  to: { readonly connector: string; readonly channel: string } | undefined,
  log: Logger,
): Notifier {
  const send = async (key: string, text: string) => {
    const instance = to === undefined ? undefined : connectors.instance(to.connector);
    const action = instance === undefined ? undefined : connectors.actionOf(instance, VERB);
    if (to === undefined || instance === undefined || action === undefined || !('delivery' in action)) return;
    const input = action.input.parse({ to: to.channel, text });
    const context = {
      key: `notify-${key}`.replaceAll(/[^A-Za-z0-9._~-]/g, '-').slice(0, 200),
      signal: AbortSignal.timeout(SEND_WITHIN_MS),
      sending: () => undefined,
    };
    if (action.delivery === 'readable') {
      const state = await action.read(instance.client, input, undefined, context);
      if (!action.done(state, input)) await action.run(instance.client, input, undefined, state, context);
      return;
    }
    await action.run(instance.client, input, undefined, context);
  };
  const page = (key: string, text: string, attempt = 0): void => {
    if (attempt === 0) log.warn({ page: key }, text);
    send(key, text).catch((error: unknown) => {
      const pause = PAGE_PAUSES_MS[attempt];
      log.error({ page: key, err: error }, pause === undefined ? 'people could not be told' : 'people could not be told yet');
      if (pause !== undefined) setTimeout(() => page(key, text, attempt + 1), pause).unref();
    });
  };
  return { send, page: (key, text) => page(key, text) };
}

/** Throws an Error that says what is wrong with `notify:` in cordon.yaml. */
export function checkNotify(connectors: OpenConnectors, to: { readonly connector: string } | undefined): void {
  if (to === undefined) return;
  const instance = connectors.instance(to.connector);
  if (instance === undefined) throw new Error(`notify.connector: there is no connector "${to.connector}"`);
  if (!instance.verbs.includes(VERB)) throw new Error(`notify.connector: "${to.connector}" (${instance.title}) cannot send messages`);
}
