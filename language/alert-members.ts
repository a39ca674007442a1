// What an expression may read of `alert`, and of the things in its lists: the checks and docs/reference/alert.md are made from this.
import type { Kind } from './cel/functions/row.ts';

interface MemberRow {
  readonly kind: Kind;
  /** The source may leave it out. */
  readonly optional?: true;
  readonly doc: string;
}

export const ALERT_ROWS: Readonly<Record<string, MemberRow>> = {
  source: { kind: 'text', doc: 'The source’s name, as in `/hooks/<source>`.' },
  uid: { kind: 'text', doc: 'The source’s own id of this alert: the `id` of a plain alert.' },
  finding: {
    kind: 'text',
    doc: 'What makes two posts the same finding. For a plain alert its `id`, `status` and, where it has one, `time`.',
  },
  title: { kind: 'text', doc: 'One line, at most 500 characters.' },
  message: { kind: 'text', optional: true, doc: 'More about it, at most 8,000 characters.' },
  severity: {
    kind: 'text',
    doc: '`informational`, `low`, `medium`, `high`, `critical`, `fatal`, or `unknown` where the source says none. Compare the number instead.',
  },
  severity_id: { kind: 'number', doc: 'The severity as a number, from 0 (unknown) to 6 (fatal). Made from `severity`.' },
  status: { kind: 'text', doc: '`open` (so where the source says none) or `resolved`.' },
  time: { kind: 'text', optional: true, doc: 'When it happened, by the source’s clock: RFC 3339 with a zone.' },
  users: { kind: 'list', doc: 'Users.' },
  hosts: { kind: 'list', doc: 'Hosts.' },
  ips: { kind: 'list', doc: 'IP addresses, each a text.' },
  domains: { kind: 'list', doc: 'Domain names, each a text.' },
  urls: { kind: 'list', doc: 'URLs, each a text.' },
  files: { kind: 'list', doc: 'Files.' },
  messages: { kind: 'list', doc: 'Mail messages.' },
  data: {
    kind: 'map',
    doc: "What the source sent beyond that: the `data` of a plain alert with its unknown members beside it; the labels of Alertmanager, and `labels` and `annotations` by themselves. Read it with a default: `get(alert, 'data.team', '')`.",
  },
};

export const ALERT_MEMBERS: readonly string[] = Object.keys(ALERT_ROWS);

/** Members of a thing in an alert; the source leaves out what it does not know, and never all of them. */
export const THING_ROWS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  user: { id: 'text, the account’s id', name: 'text, the person’s or the account’s name', email: 'text, an address' },
  host: { id: 'text, the vendor’s id or the name', name: 'text', ip: 'text, one address' },
  file: { sha256: 'text, 64 hexadecimal digits', name: 'text' },
  message: { id: 'text', from: 'text, an address', to: 'text, an address', subject: 'text', urls: 'a list of texts: the URLs in it' },
};
