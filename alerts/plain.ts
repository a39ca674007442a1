// The plain alert: Cordon's own shape, for sources without an adapter.
// Only `id` and `title` are needed; what is not known here goes to `data` untouched.
import type { Normalised } from './adapter.ts';
import { type Alert, type AlertFile, type AlertHost, type AlertMessage, type AlertUser, SEVERITY_ID } from './alert.ts';
import { isMembers, type Members, READ_LIMITS, readId, readInstant, readList, readText, some, storableJson } from './reading.ts';
import { readSeverity } from './severity.ts';

const KNOWN = new Set('id title message severity time status users hosts ips domains urls files messages data'.split(' '));

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
    finding: `${uid}/${status}`,
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
  return { ok: true, alerts: [alert], odd: [] };
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
