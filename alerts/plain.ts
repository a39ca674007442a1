// The plain alert: Cordon's own shape, for sources without an adapter.
// Only `id` and `title` are needed; what is not known here goes to `data` untouched.

import { storableJson } from '../language/storable-text.ts';
import type { Normalised } from './adapter.ts';
import { type Alert, type AlertFile, type AlertHost, type AlertMessage, type AlertUser, SEVERITY_ID } from './alert.ts';
import { instantKey } from './instant.ts';
import { isMembers, type Members, READ_LIMITS, readId, readInstant, readList, readText, some } from './reading.ts';
import { readSeverity } from './severity.ts';

/** What is read of it, in the order of the reference; other members are kept in `data`. */
export const PLAIN_MEMBERS = 'id title message severity time status users hosts ips domains urls files messages data'.split(' ');
const KNOWN: ReadonlySet<string> = new Set(PLAIN_MEMBERS);

/** Reads one plain alert. */
export function normalisePlain(json: unknown, source: string): Normalised {
  if (!isMembers(json)) return { ok: false, reason: 'a plain alert is one JSON object' };
  const uid = readId(json.id);
  if (uid === undefined) return { ok: false, reason: `"id" is missing, empty or longer than ${READ_LIMITS.idChars} characters` };
  const title = readText(json.title, READ_LIMITS.titleChars);
  if (title === undefined) return { ok: false, reason: '"title" is missing or empty' };
  const severity = json.severity === undefined ? 'unknown' : readSeverity(json.severity);
  if (severity === undefined) return { ok: false, reason: '"severity" is none of informational, low, medium, high, critical, fatal' };
  const status = json.status ?? 'open';
  if (status !== 'open' && status !== 'resolved') return { ok: false, reason: '"status" is neither "open" nor "resolved"' };
  const time = json.time === undefined || json.time === null ? undefined : readInstant(json.time);
  if (time === undefined && json.time !== undefined && json.time !== null)
    return { ok: false, reason: '"time" is not an RFC 3339 instant' };
  const message = readText(json.message, READ_LIMITS.textChars);
  const alert: Alert = {
    source,
    uid,
    // The time is when it happened: the same id at a later time is a new episode. Without one, an id is one finding for good. An id may hold
    // anything, so what is ours stands last.
    finding: time === undefined ? `${uid}/${status}` : `${uid}/${status}@${instantKey(time)}`,
    title,
    ...(message === undefined ? {} : { message }),
    severity,
    severity_id: SEVERITY_ID[severity],
    status,
    ...(time === undefined ? {} : { time }),
    users: readList(json.users, readUser),
    hosts: readList(json.hosts, readHost),
    ips: readList(json.ips, readId),
    domains: readList(json.domains, readId),
    urls: readList(json.urls, readUrl),
    files: readList(json.files, readFile),
    messages: readList(json.messages, readMessage),
    data: readData(json),
  };
  return { ok: true, alerts: [alert], odd: oddMembers(json) };
}

const readUrl = (value: unknown): string | undefined => readText(value, READ_LIMITS.textChars);

function readUser(value: unknown): AlertUser | undefined {
  return isMembers(value) ? some({ id: readId(value.id), name: readId(value.name), email: readId(value.email) }) : undefined;
}

function readHost(value: unknown): AlertHost | undefined {
  return isMembers(value) ? some({ id: readId(value.id), name: readId(value.name), ip: readId(value.ip) }) : undefined;
}

function readFile(value: unknown): AlertFile | undefined {
  return isMembers(value) ? some({ sha256: readId(value.sha256), name: readText(value.name) }) : undefined;
}

function readMessage(value: unknown): AlertMessage | undefined {
  if (!isMembers(value)) return undefined;
  const urls = readList(value.urls, readUrl);
  return some({
    id: readId(value.id),
    from: readId(value.from),
    to: readId(value.to),
    subject: readText(value.subject, READ_LIMITS.titleChars),
    urls: urls.length === 0 ? undefined : urls,
  });
}

/** `data` as sent, with unknown members of the alert beside it. */
function readData(json: Members): Members {
  const unknown = Object.entries(json).filter(([name]) => !KNOWN.has(name));
  const data = storableJson({ ...Object.fromEntries(unknown), ...(isMembers(json.data) ? json.data : {}) });
  return isMembers(data) ? data : {};
}

/** What each list takes, and how an item of it is written. */
const LISTS: readonly (readonly [name: string, read: (item: unknown) => unknown, written: string])[] = [
  ['users', readUser, '{ "id": …, "name": …, "email": … }'],
  ['hosts', readHost, '{ "id": …, "name": …, "ip": … }'],
  ['ips', readId, 'a text'],
  ['domains', readId, 'a text'],
  ['urls', readUrl, 'a text'],
  ['files', readFile, '{ "sha256": …, "name": … }'],
  ['messages', readMessage, '{ "id": …, "from": …, "to": …, "subject": …, "urls": … }'],
];

/** One reason for each member of which something could not be taken over. Reasons hold nothing of what was sent. */
function oddMembers(json: Members): readonly string[] {
  const lists = LISTS.flatMap(([name, read, written]) => {
    const given = json[name];
    const items: readonly unknown[] = Array.isArray(given) ? given : [given];
    const long =
      items.length > READ_LIMITS.listItems ? [`"${name}" has ${items.length} items; the first ${READ_LIMITS.listItems} are read`] : [];
    const left = items
      .slice(0, READ_LIMITS.listItems)
      .flatMap((item, index) => (saysSomething(item) && read(item) === undefined ? [index] : []));
    if (left.length === 0) return long;
    const more = left.length === 1 ? '' : ` and ${left.length - 1} more`;
    return [...long, `${name}[${left[0]}]${more} could not be read and was left out of the alert: an item of "${name}" is ${written}`];
  });
  const isData = json.data === undefined || json.data === null || isMembers(json.data);
  return isData ? lists : [...lists, '"data" could not be read and was left out of the alert: it is an object'];
}

/** Sources send empty texts and objects for what they do not know: that is nothing lost. */
function saysSomething(item: unknown): boolean {
  if (item === undefined || item === null) return false;
  if (typeof item === 'string') return item.trim() !== '';
  return isMembers(item) || Array.isArray(item) ? Object.values(item).some(saysSomething) : true;
}
