// Who and what an alert is about, as keys: alerts that share one within a window belong to one incident.
import type { Alert, AlertUser } from './alert.ts';

/** At most this many keys of one alert; the rest says nothing more about what belongs together. */
const MAX_KEYS = 100;

/** `user:eve@…`, `host:wks-007`, `ip:203.0.113.50`, `file:<sha256>`: lower case, NFKC, without repeats, in a fixed order. */
export function entityKeys(alert: Alert): readonly string[] {
  const keys = [
    ...alert.users.flatMap(userKeys),
    ...alert.hosts.flatMap((host) => [...key('host', host.name), ...key('host', host.id), ...key('ip', host.ip)]),
    ...alert.ips.flatMap((ip) => key('ip', ip)),
    ...alert.files.flatMap((file) => key('file', file.sha256)),
    ...alert.messages.flatMap((message) => key('message', message.id)),
  ];
  return [...new Set(keys)].slice(0, MAX_KEYS);
}

/** A person's display name says who only where there is nothing better: two people may share one. */
function userKeys(user: AlertUser): readonly string[] {
  const exact = [...key('user', user.id), ...key('user', user.email)];
  return exact.length > 0 ? exact : key('user', user.name);
}

/** Confusable spellings (case, full-width forms) are one key. */
function key(kind: string, value: string | undefined): readonly string[] {
  const text = value?.normalize('NFKC').toLowerCase().trim();
  return text ? [`${kind}:${text}`] : [];
}
