// The verbs a playbook may use: what authors, policy, the console and connectors agree on. One row says everything.

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
  /** The words that it may be, where it is one of few. */
  readonly choices?: readonly string[];
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

const p = (type: ParamType, description: string, more: Pick<Param, 'list' | 'optional' | 'choices'> = {}): Param => ({
  type,
  description,
  ...more,
});

export const VERBS: Readonly<Record<string, Verb>> = {
  'ip.reputation': {
    risk: 'read',
    title: 'Look up the reputation of an address',
    description: 'Asks a reputation service what is known about an IP address.',
    params: { ip: p('ip', 'The address.') },
    target: 'ip',
    outputs: {
      score: p('number', '0 (clean) to 100 (malicious).'),
      verdict: p('text', 'clean, suspicious or malicious.', { choices: ['clean', 'suspicious', 'malicious'] }),
    },
  },
  'url.reputation': {
    risk: 'read',
    title: 'Look up the reputation of a URL',
    description: 'Asks a reputation service what is known about a URL. The URL is not opened.',
    params: { url: p('url', 'The URL.') },
    target: 'url',
    outputs: {
      score: p('number', '0 (clean) to 100 (malicious).'),
      verdict: p('text', 'clean, suspicious or malicious.', { choices: ['clean', 'suspicious', 'malicious'] }),
    },
  },
  'file.reputation': {
    risk: 'read',
    title: 'Look up the reputation of a file',
    description: 'Asks a reputation service what is known about a file, by its SHA-256.',
    params: { file: p('file', 'The file.') },
    target: 'file',
    outputs: {
      score: p('number', '0 (clean) to 100 (malicious).'),
      verdict: p('text', 'clean, suspicious or malicious.', { choices: ['clean', 'suspicious', 'malicious'] }),
    },
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
  'user.list_inactive': {
    risk: 'read',
    title: 'List accounts that nobody uses',
    description: 'Enabled accounts that nobody has signed in to for a time, each with the person it reports to.',
    params: { for: p('duration', 'How long nobody has signed in.') },
    outputs: { users: p('user', 'The accounts; `manager` is an address, `away_days` a number.', { list: true }) },
  },
  'signin.search': {
    risk: 'read',
    title: 'Find sign-ins from an address',
    description: 'Who tried to sign in from an address, and for whom it worked. Everybody is named once.',
    params: { ip: p('ip', 'The address.'), within: p('duration', 'How far back. Default 24h.', { optional: true }) },
    target: 'ip',
    outputs: {
      succeeded: p('user', 'Accounts that were signed in to.', { list: true }),
      failed: p('user', 'Accounts that were tried without success.', { list: true }),
    },
  },
  'privilege.list': {
    risk: 'read',
    title: 'List administrative rights of a user',
    description: 'The groups that the account is in and that give administrative rights. Which groups do, the connector is told.',
    params: { user: p('user', 'The user.') },
    target: 'user',
    outputs: { groups: p('text', 'Names of the groups.', { list: true }) },
  },
  'app.lookup': {
    risk: 'read',
    title: 'Look up an application',
    description: 'Reads an application that people have let into their accounts: who publishes it, and what it may do.',
    params: { app: p('text', 'Its id or its exact name.') },
    target: 'app',
    outputs: {
      name: p('text', 'Its name.'),
      publisher: p('text', 'Who says to have made it.'),
      verified: p('boolean', 'The publisher is proven.'),
      scopes: p('text', 'What it may do.', { list: true }),
      people: p('number', 'How many people have let it in.'),
      enabled: p('boolean', 'Is in force.'),
    },
  },
  'mail.list_rules': {
    risk: 'read',
    title: 'List the rules of a mailbox',
    description: 'Rules that move, delete or forward mail by themselves: what an intruder leaves behind.',
    params: { user: p('user', 'Whose mailbox.') },
    target: 'user',
    outputs: { rules: p('map', 'Each with `id`, `name`, `active`, `deletes`, and `forwards_to` (an address or null).', { list: true }) },
  },
  'key.list': {
    risk: 'read',
    title: 'List the cloud access keys of a user',
    description: 'Long-lived keys with which programs act as the user.',
    params: { user: p('user', 'The user.') },
    target: 'user',
    outputs: { keys: p('map', 'Each with `id`, `active`, and `idle_days` since it was last used.', { list: true }) },
  },
  'host.compliance': {
    risk: 'read',
    title: 'Check whether a host is as it must be',
    description: 'Asks the management of devices: encryption, updates, protection, whatever it is told to watch.',
    params: { host: p('host', 'The host.') },
    target: 'host',
    outputs: {
      compliant: p('boolean', 'Nothing is wanting.'),
      shortcomings: p('text', 'What is wanting, in words.', { list: true }),
      quarantined: p('boolean', 'Is in quarantine.'),
    },
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
  'password.expire': {
    risk: 'reversible',
    title: 'Ask for a new password',
    description: 'The password is taken once more and must be changed then. Open sessions live on: end them with session.revoke.',
    params: { user: p('user', 'The user.') },
    target: 'user',
    outputs: { expired: p('boolean', 'Must be changed, read back.') },
    inverse: 'Let the password stand',
  },
  'privilege.suspend': {
    risk: 'reversible',
    title: 'Take administrative rights away',
    description:
      'The account leaves every group that gives administrative rights, and stays a user like others. The undo puts it back into the same groups.',
    params: { user: p('user', 'The user.') },
    target: 'user',
    outputs: { groups: p('text', 'The groups that it was taken out of.', { list: true }) },
    inverse: 'Give the administrative rights back',
  },
  'app.disable': {
    risk: 'reversible',
    title: 'Disable an application',
    description: 'Nobody signs in to the application any more, and it gets no new tokens for anybody. What it was allowed stays on record.',
    params: { app: p('text', 'Its id or its exact name.') },
    target: 'app',
    outputs: { enabled: p('boolean', 'Is in force, read back.') },
    inverse: 'Enable the application',
  },
  'key.disable': {
    risk: 'reversible',
    title: 'Disable a cloud access key',
    description: 'The key opens nothing any more. It is kept, so that the undo can turn it on again; what was started with it may run on.',
    params: { key: p('text', 'The id of the key, never the secret.') },
    target: 'key',
    outputs: { active: p('boolean', 'Is in force, read back.') },
    inverse: 'Enable the key',
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
  'host.quarantine': {
    risk: 'reversible',
    title: 'Put a host into quarantine',
    description:
      'Network and access gateway let the host reach nothing but what it needs to be mended. Its user can go on working on it; isolation is stricter.',
    params: { host: p('host', 'The host.') },
    target: 'host',
    outputs: { quarantined: p('boolean', 'Is in quarantine, read back.') },
    inverse: 'Readmit the host',
  },
  'host.lock': {
    risk: 'reversible',
    title: 'Lock a host',
    description: 'The screen is locked for everybody, its owner too, as soon as the device is online.',
    params: { host: p('host', 'The host.') },
    target: 'host',
    outputs: { locked: p('boolean', 'Is locked, or will be once it is online; read back.') },
    inverse: 'Unlock the host',
  },
  'host.wipe': {
    risk: 'destructive',
    title: 'Erase a host',
    description:
      'Everything on the device is erased as soon as it is online. It cannot be undone, and the device cannot be found afterwards.',
    params: { host: p('host', 'The host.') },
    target: 'host',
    outputs: { wiped: p('boolean', 'Is erased, or will be once it is online; read back.') },
  },
  'domain.block': {
    risk: 'reversible',
    title: 'Block a domain',
    description: 'Name servers and web filter answer nothing for the domain and all below it.',
    params: { domain: p('domain', 'One domain.') },
    target: 'domain',
    outputs: { blocked: p('boolean', 'Is blocked, read back.') },
    inverse: 'Unblock the domain',
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
  'mail.disable_rules': {
    risk: 'reversible',
    title: "Turn off a mailbox's rules",
    description:
      'No rule of the mailbox moves, deletes or forwards mail any more. The rules are kept, and the undo turns the same ones on again.',
    params: { user: p('user', 'Whose mailbox.') },
    target: 'user',
    outputs: { rules: p('text', 'Ids of the rules that were turned off.', { list: true }) },
    inverse: 'Turn the rules on again',
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
  'notify.page': {
    risk: 'additive',
    title: 'Page people',
    description:
      'Wakes whoever is meant, now, whatever the hour. For what cannot wait for a channel to be read. The same step never pages twice.',
    params: { to: p('people', 'Whom: one of role, group, oncall, person.'), text: p('text', 'What has happened, and what to do.') },
    outputs: { paged: p('boolean', 'The product took it.') },
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
      method: p('text', 'POST, PUT, PATCH or DELETE.', { choices: ['POST', 'PUT', 'PATCH', 'DELETE'] }),
      path: p('text', 'Path below the base address.'),
      body: p('map', 'Sent as JSON.', { optional: true }),
    },
    outputs: { status: p('number', 'HTTP status.'), body: p('map', 'The parsed answer.') },
  },
};

/** A ticket is opened anew each time; an account that is disabled is disabled. */
export function staysInForce(verb: string): boolean {
  const about = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  return about?.target !== undefined && (about.risk === 'reversible' || about.risk === 'destructive');
}
