// An alert as an OCSF Detection Finding (class 2004), for those who collect events elsewhere. schema.ocsf.io has the meaning of each member.
import type { Alert } from './alert.ts';

/** The oldest version of OCSF that has all that is used here, so that every consumer of a later 1.x reads it. */
export const OCSF_VERSION = '1.3.0';

export interface OcsfProduct {
  readonly name: string;
  readonly vendor_name: string;
  readonly version: string;
}

/** What is known of an alert beside itself. */
export interface FindingFacts {
  readonly id: string;
  readonly incident?: string;
  readonly receivedMs: number;
  /** By the source's clock. */
  readonly happenedMs?: number;
  /** Absent when it was quarantined: then there is no alert, only a title. */
  readonly alert?: Alert;
  readonly title: string;
  readonly source: string;
  readonly severityId: number;
  readonly isResolved: boolean;
}

/** Of an observable: OCSF's numbers. */
const TYPE_ID = { host: 1, ip: 2, user: 4, email: 5, url: 6, fileName: 7, hash: 8 } as const;

const CLASS = { category_uid: 2, class_uid: 2004 } as const;
const CREATE = { activity_id: 1, activity_name: 'Create', status_id: 1, status: 'New' } as const;
const CLOSE = { activity_id: 3, activity_name: 'Close', status_id: 4, status: 'Resolved' } as const;

export function detectionFinding(facts: FindingFacts, product: OcsfProduct): Readonly<Record<string, unknown>> {
  const { alert } = facts;
  const activity = facts.isResolved ? CLOSE : CREATE;
  return {
    ...CLASS,
    ...activity,
    type_uid: CLASS.class_uid * 100 + activity.activity_id,
    severity_id: facts.severityId,
    time: facts.receivedMs,
    ...(facts.happenedMs === undefined ? {} : { start_time: facts.happenedMs }),
    message: alert?.message ?? facts.title,
    metadata: {
      version: OCSF_VERSION,
      product,
      uid: facts.id,
      log_provider: facts.source,
      ...(facts.incident === undefined ? {} : { correlation_uid: facts.incident }),
      ...(alert?.time === undefined ? {} : { original_time: alert.time }),
    },
    finding_info: { uid: alert?.finding ?? facts.id, title: facts.title, ...(alert?.message === undefined ? {} : { desc: alert.message }) },
    observables: alert ? observables(alert) : [],
    unmapped: { cordon_alert: facts.id, ...(alert ? { uid: alert.uid, data: alert.data } : { quarantined: true }) },
  };
}

function observables(alert: Alert): readonly object[] {
  const one = (type: keyof typeof TYPE_ID, name: string, value: string | undefined) =>
    value === undefined || value === '' ? [] : [{ name: `finding_info.${name}`, type_id: TYPE_ID[type], value }];
  return [
    ...alert.users.flatMap((user) => [...one('user', 'user', user.id ?? user.name), ...one('email', 'email', user.email)]),
    ...alert.hosts.flatMap((host) => [...one('host', 'host', host.name ?? host.id), ...one('ip', 'host_ip', host.ip)]),
    ...alert.ips.flatMap((ip) => one('ip', 'ip', ip)),
    ...alert.domains.flatMap((domain) => one('host', 'domain', domain)),
    ...alert.urls.flatMap((url) => one('url', 'url', url)),
    ...alert.files.flatMap((file) => [...one('hash', 'sha256', file.sha256), ...one('fileName', 'file', file.name)]),
  ];
}
