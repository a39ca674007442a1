// What channels are given by the composition root.
import type { OpenConnectors } from '../connectors/registry.ts';
import type { Directory } from '../policy/addressed.ts';
import type { Store } from '../store/store.ts';
import type { Channel } from './channel.ts';

export interface ChannelsLog {
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

export interface ChannelDeps {
  readonly store: Store;
  readonly connectors: OpenConnectors;
  readonly channels: readonly Channel[];
  /** Who is in a group or on call: whoever stands in for them hears reminders too. */
  readonly directory: Directory;
  /** Without a final slash. */
  readonly consoleUrl: string;
  /** This process; plain letters, digits, '-' and '.'. */
  readonly owner: string;
  readonly log: ChannelsLog;
  readonly random: () => number;
  readonly now: () => Date;
  /** Whom pages go to; `otherwise` hears of those that do not get through. */
  readonly pages: { readonly to: readonly Channel[]; readonly otherwise: readonly Channel[] };
}
