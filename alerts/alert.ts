// What happened, in one shape whatever the source. Member names follow OCSF's Detection Finding where it has one.

/** OCSF severity words; `SEVERITY_ID` has the numbers. */
export type Severity = 'unknown' | 'informational' | 'low' | 'medium' | 'high' | 'critical' | 'fatal';

/** OCSF `severity_id`: 0 unknown … 6 fatal. */
export const SEVERITY_ID: Readonly<Record<Severity, number>> = {
  unknown: 0,
  informational: 1,
  low: 2,
  medium: 3,
  high: 4,
  critical: 5,
  fatal: 6,
};

export interface AlertUser {
  readonly id?: string;
  readonly name?: string;
  readonly email?: string;
}

export interface AlertHost {
  readonly id?: string;
  readonly name?: string;
  readonly ip?: string;
}

export interface AlertFile {
  readonly sha256?: string;
  readonly name?: string;
}

export interface AlertMessage {
  readonly id?: string;
  readonly from?: string;
  readonly to?: string;
  readonly subject?: string;
  readonly urls?: readonly string[];
}

/** A normalised alert. Lists are always there, perhaps empty; instants are ISO 8601 in UTC. Everything in it is untrusted text. */
export interface Alert {
  /** The source's name as in `/hooks/<source>`. */
  readonly source: string;
  /** The source's own id of this alert. */
  readonly uid: string;
  /** What makes two posts the same finding; equal keys are one alert (OCSF `finding_info.uid` plus the episode and the status). */
  readonly finding: string;
  readonly title: string;
  readonly message?: string;
  readonly severity: Severity;
  readonly severity_id: number;
  readonly status: 'open' | 'resolved';
  /** When it happened, by the source's clock; absent where the source does not say. */
  readonly time?: string;
  readonly users: readonly AlertUser[];
  readonly hosts: readonly AlertHost[];
  readonly ips: readonly string[];
  readonly domains: readonly string[];
  readonly urls: readonly string[];
  readonly files: readonly AlertFile[];
  readonly messages: readonly AlertMessage[];
  /** What the source sent beyond that: labels, annotations, unknown members; plain JSON. */
  readonly data: Readonly<Record<string, unknown>>;
}
