// Prometheus Alertmanager's webhook, version 4. One post is a group: each alert in it has a status of its own (a mixed group says "firing").

import { storableJson } from '../language/storable-text.ts';
import type { Normalised } from './adapter.ts';
import { type Alert, type AlertHost, type AlertUser, SEVERITY_ID } from './alert.ts';
import { isMembers, type Members, READ_LIMITS, readId, readInstant, readText, some } from './reading.ts';
import { readSeverity } from './severity.ts';

/** What becomes of labels, as the reference says it. Of those in one row the first that is there counts. */
export const ALERTMANAGER_LABELS: readonly { readonly labels: readonly string[]; readonly to: string }[] = [
  { labels: ['user', 'username'], to: '`name` of a user; `email` where it holds an `@`' },
  { labels: ['email'], to: '`email` of that user' },
  { labels: ['user_id'], to: '`id` of that user' },
  { labels: ['host', 'hostname'], to: '`name` of a host' },
  { labels: ['instance'], to: '`name` of a host where no label above names it, without its port; `ip` where it is an address' },
  { labels: ['host_ip'], to: '`ip` of that host' },
  { labels: ['ip', 'src_ip', 'source_ip'], to: 'one of `alert.ips`' },
  { labels: ['domain'], to: 'one of `alert.domains`' },
  { labels: ['url'], to: 'one of `alert.urls`' },
  { labels: ['sha256'], to: '`sha256` of a file' },
  { labels: ['severity'], to: '`alert.severity`, by the words [above](#severities)' },
];

/** Reads one notification of Alertmanager. */
export function normaliseAlertmanager(json: unknown, source: string): Normalised {
  if (!isMembers(json)) return { ok: false, reason: 'a notification is one JSON object' };
  if (json.version !== '4') return { ok: false, reason: '"version" is not "4": not a notification of Alertmanager' };
  const posted = json.alerts;
  if (!Array.isArray(posted) || posted.length === 0) return { ok: false, reason: '"alerts" is missing or empty' };
  const alerts: Alert[] = [];
  const odd: string[] = [];
  posted.forEach((item: unknown, index) => {
    const read = readAlert(item, json, source);
    if (typeof read === 'string') odd.push(`alerts[${index}]: ${read}`);
    else alerts.push(read);
  });
  const truncated = json.truncatedAlerts;
  if (typeof truncated === 'number' && truncated > 0) {
    odd.push(`Alertmanager left ${truncated} alerts out of this post: raise or remove max_alerts of its webhook`);
  }
  return alerts.length === 0 ? { ok: false, reason: odd.join('; ') } : { ok: true, alerts, odd };
}

/** One alert of the group, or why it cannot be read. */
function readAlert(item: unknown, group: Members, source: string): Alert | string {
  if (!isMembers(item)) return 'not an object';
  if (item.status !== 'firing' && item.status !== 'resolved') return '"status" is neither "firing" nor "resolved"';
  const status = item.status === 'firing' ? 'open' : 'resolved';
  const fingerprint = readId(item.fingerprint);
  const startsAt = readInstant(item.startsAt);
  if (fingerprint === undefined) return '"fingerprint" is missing';
  if (startsAt === undefined) return '"startsAt" is not an instant';
  const labels = isMembers(item.labels) ? item.labels : {};
  const annotations = isMembers(item.annotations) ? item.annotations : {};
  const severity = readSeverity(labels.severity) ?? 'unknown';
  const message = readText(annotations.description, READ_LIMITS.textChars);
  const endsAt = readInstant(item.endsAt);
  return {
    source,
    uid: fingerprint,
    finding: `${fingerprint}/${startsAt}/${status}`,
    title:
      readText(annotations.summary, READ_LIMITS.titleChars) ??
      readText(annotations.title, READ_LIMITS.titleChars) ??
      readText(labels.alertname, READ_LIMITS.titleChars) ??
      `Alert ${fingerprint}`,
    ...(message === undefined ? {} : { message }),
    severity,
    severity_id: SEVERITY_ID[severity],
    status,
    time: startsAt,
    users: readUser(labels),
    hosts: readHost(labels),
    ips: firstOf(labels, ['ip', 'src_ip', 'source_ip']),
    domains: firstOf(labels, ['domain']),
    urls: firstOf(labels, ['url']),
    files: firstOf(labels, ['sha256']).map((sha256) => ({ sha256 })),
    messages: [],
    data: readData(item, group, labels, annotations, endsAt),
  };
}

function firstOf(labels: Members, names: readonly string[]): readonly string[] {
  const found = names.map((name) => readId(labels[name])).find((text) => text !== undefined);
  return found === undefined ? [] : [found];
}

function readUser(labels: Members): readonly AlertUser[] {
  const name = firstOf(labels, ['user', 'username'])[0];
  const isEmail = name?.includes('@') === true;
  const user = some({
    id: readId(labels.user_id),
    name: isEmail ? undefined : name,
    email: readId(labels.email) ?? (isEmail ? name : undefined),
  });
  return user === undefined ? [] : [user];
}

function readHost(labels: Members): readonly AlertHost[] {
  const instance = withoutPort(readId(labels.instance));
  const isAddress = instance !== undefined && ADDRESS.test(instance);
  const host = some({
    name: firstOf(labels, ['host', 'hostname'])[0] ?? (isAddress ? undefined : instance),
    ip: readId(labels.host_ip) ?? (isAddress ? instance : undefined),
  });
  return host === undefined ? [] : [host];
}

const ADDRESS = /^(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]+)$/;

/** `ws-1:9100` and `[::1]:9100` without the port. */
function withoutPort(instance: string | undefined): string | undefined {
  if (instance === undefined) return undefined;
  const bracketed = /^\[([0-9a-fA-F:.]+)\](?::[0-9]+)?$/.exec(instance)?.[1];
  if (bracketed !== undefined) return bracketed;
  const bare = /^([^:]+):[0-9]+$/.exec(instance)?.[1];
  return bare ?? instance;
}

/** A firing alert's `endsAt` is the zero instant (or an expectation): only a resolved one has ended. */
function readData(item: Members, group: Members, labels: Members, annotations: Members, endsAt: string | undefined): Members {
  const data = storableJson({
    // As the unknown members of a plain alert, so that one trigger reads both.
    ...labels,
    labels,
    annotations,
    ...(item.status === 'resolved' && endsAt !== undefined && !endsAt.startsWith('0001-') ? { ends_at: endsAt } : {}),
    ...pick(item, { generatorURL: 'generator_url' }),
    ...pick(group, { receiver: 'receiver', groupKey: 'group_key', externalURL: 'external_url' }),
  });
  return isMembers(data) ? data : {};
}

function pick(from: Members, names: Readonly<Record<string, string>>): Members {
  return Object.fromEntries(
    Object.entries(names).flatMap(([name, as]) => {
      const text = readText(from[name], READ_LIMITS.textChars);
      return text === undefined ? [] : [[as, text]];
    }),
  );
}
