// How products carry words to people and, where they can, show afterwards what became of them. Beside the verbs, which are for playbooks.
import type { Json } from './connector.ts';

export interface Button {
  readonly name: 'approve' | 'deny';
  readonly text: string;
  /** Comes back with the click. Whose click it is, the product says; what it may do, Cordon. */
  readonly value: string;
}

/** Text may hold words of an alert: it is shown as it is, and never read as markup. */
export interface Message {
  /** The same for every attempt: [A-Za-z0-9._~-], at most 200. */
  readonly key: string;
  /** As the product names a channel or a person. */
  readonly to: string;
  readonly title: string;
  readonly lines: readonly string[];
  readonly link?: { readonly text: string; readonly url: string };
  readonly buttons?: readonly Button[];
  /** Where the message stands that this one belongs to. */
  readonly follows?: Json;
  /** Shown to this one person there, by the product's own id. */
  readonly only?: string;
  /** Of what wakes people; for pagers. */
  readonly page?: Pick<PageCall, 'what' | 'severity'>;
  /** An earlier attempt may have gone through: the message says so of itself. */
  readonly repeat?: boolean;
}

export interface Messages<Client> {
  /**
   * What follows where nobody can say whether a message went out. find: look for it · repeat: send it again, marked, under the same key ·
   * never: it is not sent a second time.
   */
  readonly whenUnclear: 'find' | 'repeat' | 'never';
  /** Can show buttons whose clicks come back signed. */
  readonly buttons: boolean;
  /** What is wrong with a recipient of the configuration; undefined: nothing. */
  readonly refuses: (client: Client, to: string) => string | undefined;
  /** Where it stands now, for `edit` and for what follows it. Throws ConnectorFailure. */
  readonly post: (client: Client, message: Message, signal: AbortSignal) => Promise<Json>;
  /** Needed for `find`: the message of this key, sent since then. Throws where it could not look everywhere. */
  readonly find?: (client: Client, message: Message, sinceMs: number, signal: AbortSignal) => Promise<Json | undefined>;
  /** What the product knows of a person by its own id; what it does not tell is absent. */
  readonly who?: (client: Client, id: string, signal: AbortSignal) => Promise<{ readonly email?: string }>;
  /** Throws MESSAGE_GONE where somebody has removed it there. */
  readonly edit?: (client: Client, place: Json, message: Message, signal: AbortSignal) => Promise<void>;
}

export interface PageCall {
  /** The same page has the same key, also when it is acknowledged and resolved. */
  readonly key: string;
  readonly what: 'trigger' | 'acknowledge' | 'resolve';
  readonly text: string;
  readonly severity: 'critical' | 'error' | 'warning' | 'info';
  readonly link?: { readonly text: string; readonly url: string };
}

/** Wakes people, and stops waking them. A repeat under the same key wakes nobody twice. */
export interface Pager<Client> {
  readonly page: (client: Client, call: PageCall, signal: AbortSignal) => Promise<void>;
}

/** Addresses of who is on call now for a schedule of the product, lower case. Throws ConnectorFailure. */
export type OnCall<Client> = (client: Client, schedule: string, signal: AbortSignal) => Promise<readonly string[]>;
