// The verbs a playbook may use: what authors, policy, the console and connectors agree on. Data only; one row says everything.

export type ParamType =
  | 'user'
  | 'host'
  | 'ip'
  | 'domain'
  | 'url'
  | 'file'
  | 'message'
  | 'ticket'
  | 'text'
  | 'number'
  | 'boolean'
  | 'severity'
  | 'people'
  | 'duration'
  | 'map';

export interface Param {
  readonly type: ParamType;
  readonly list?: true;
  readonly optional?: true;
  readonly description: string;
}

/** read: changes nothing · additive: adds information (ticket, message) · reversible: has an inverse · destructive: cannot be taken back. */
export type VerbRisk = 'read' | 'additive' | 'reversible' | 'destructive';

export interface Verb {
  readonly risk: VerbRisk;
  /** Imperative, for people: "Isolate a host". */
  readonly title: string;
  readonly description: string;
  readonly params: Readonly<Record<string, Param>>;
  /** The parameter that names what is acted on. */
  readonly target?: string;
  readonly outputs: Readonly<Record<string, Param>>;
  /** How the inverse is called in words, on reversible verbs: "Release the host". */
  readonly inverse?: string;
}

const p = (type: ParamType, description: string, more: { list?: true; optional?: true } = {}): Param => ({ type, description, ...more });

export const VERBS: Readonly<Record<string, Verb>> = {
  'ip.reputation': {
    risk: 'read',
    title: 'Look up the reputation of an address',
    description: 'Asks a reputation service what is known about an IP address.',
    params: { ip: p('ip', 'The address.') },
    target: 'ip',
    outputs: { score: p('number', '0 (clean) to 100 (malicious).'), verdict: p('text', 'clean, suspicious or malicious.') },
  },
  'url.reputation': {
    risk: 'read',
    title: 'Look up the reputation of a URL',
    description: 'Asks a reputation service what is known about a URL. The URL is not opened.',
    params: { url: p('url', 'The URL.') },
    target: 'url',
    outputs: { score: p('number', '0 (clean) to 100 (malicious).'), verdict: p('text', 'clean, suspicious or malicious.') },
  },
  'file.reputation': {
    risk: 'read',
    title: 'Look up the reputation of a file',
    description: 'Asks a reputation service what is known about a file, by its SHA-256.',
    params: { file: p('file', 'The file.') },
    target: 'file',
    outputs: { score: p('number', '0 (clean) to 100 (malicious).'), verdict: p('text', 'clean, suspicious or malicious.') },
  },
  'user.lookup': {
    risk: 'read',
    title: 'Look up a user',
    description: "Reads a person's account where it lives.",
    params: { user: p('user', 'The user.') },
    target: 'user',
    outputs: {
      user: p('user', 'The account as the product knows it.'),
      enabled: p('boolean', 'May sign in.'),
      sessions: p('number', 'Open sessions.'),
    },
  },
  'host.lookup': {
    risk: 'read',
    title: 'Look up a host',
    description: 'Reads a device where it is managed.',
    params: { host: p('host', 'The host.') },
    target: 'host',
    outputs: {
      host: p('host', 'The device as the product knows it.'),
      isolated: p('boolean', 'Is cut off.'),
      online: p('boolean', 'Was seen lately.'),
    },
  },
  'mail.search': {
    risk: 'read',
    title: 'Find copies of a message',
    description: 'Finds messages with the same sender and subject, or the same id, in all mailboxes.',
    params: { like: p('message', 'The message.'), within: p('duration', 'How far back. Default 14d.', { optional: true }) },
    target: 'like',
    outputs: { messages: p('message', 'The copies that were found.', { list: true }) },
  },
  'user.disable': {
    risk: 'reversible',
    title: 'Disable a user',
    description: 'The account can no longer sign in. Open sessions may live on: end them with session.revoke.',
    params: { user: p('user', 'The user.') },
    target: 'user',
    outputs: { enabled: p('boolean', 'May sign in, read back.') },
    inverse: 'Enable the user',
  },
  'session.revoke': {
    risk: 'destructive',
    title: "End a user's sessions",
    description: 'Every open session ends and refresh tokens are refused. It cannot be undone: people sign in again.',
    params: { user: p('user', 'The user.') },
    target: 'user',
    outputs: { ended: p('number', 'How many sessions were ended.') },
  },
  'host.isolate': {
    risk: 'reversible',
    title: 'Isolate a host',
    description: 'The host can reach nothing but its management. What it can still reach depends on the product; see its page.',
    params: { host: p('host', 'The host.') },
    target: 'host',
    outputs: { isolated: p('boolean', 'Is cut off, read back.') },
    inverse: 'Release the host',
  },
  'ip.block': {
    risk: 'reversible',
    title: 'Block an address',
    description: 'The firewall drops traffic from and to the address.',
    params: { ip: p('ip', 'One address, never a network.') },
    target: 'ip',
    outputs: { blocked: p('boolean', 'Is blocked, read back.') },
    inverse: 'Unblock the address',
  },
  'mail.quarantine': {
    risk: 'reversible',
    title: 'Quarantine a message',
    description: 'The message leaves the mailbox and can be put back.',
    params: { message: p('message', 'The message.') },
    target: 'message',
    outputs: { quarantined: p('boolean', 'Is in quarantine, read back.') },
    inverse: 'Put the message back',
  },
  'ticket.open': {
    risk: 'additive',
    title: 'Open a ticket',
    description: 'Opens one ticket, and never a second for the same step.',
    params: {
      title: p('text', 'One line.'),
      body: p('text', 'What happened.', { optional: true }),
      severity: p('severity', 'How bad it is.', { optional: true }),
    },
    outputs: { ticket: p('ticket', 'The ticket, with its id and address.') },
  },
  'ticket.comment': {
    risk: 'additive',
    title: 'Comment on a ticket',
    description: 'Adds a comment, once.',
    params: { ticket: p('ticket', 'The ticket.'), text: p('text', 'The comment.') },
    target: 'ticket',
    outputs: { commented: p('boolean', 'Is there, read back.') },
  },
  'notify.message': {
    risk: 'additive',
    title: 'Send a message',
    description: 'Tells people in a channel or by mail. A repeat after a crash is marked as one.',
    params: { to: p('text', 'A channel (#soc) or an address.'), text: p('text', 'What to say.') },
    outputs: { sent: p('boolean', 'The product took it.') },
  },
  'http.get': {
    risk: 'read',
    title: 'Fetch a document over HTTP',
    description: 'GET on a path below the address of the connector. For products without a connector of their own.',
    params: { path: p('text', 'Path below the base address.'), query: p('map', 'Query parameters.', { optional: true }) },
    outputs: { status: p('number', 'HTTP status.'), body: p('map', 'The parsed answer.') },
  },
  'http.send': {
    risk: 'destructive',
    title: 'Send a request over HTTP',
    description: 'POST, PUT, PATCH or DELETE on a path below the address of the connector. Never sent a second time by itself.',
    params: {
      method: p('text', 'POST, PUT, PATCH or DELETE.'),
      path: p('text', 'Path below the base address.'),
      body: p('map', 'Sent as JSON.', { optional: true }),
    },
    outputs: { status: p('number', 'HTTP status.'), body: p('map', 'The parsed answer.') },
  },
};
