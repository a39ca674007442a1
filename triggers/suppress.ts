// Suppression: alerts that people expect (a maintenance window, a known false alarm) start nothing for a while.
import type { Alert } from '../alerts/alert.ts';
import { evaluate } from '../language/cel.ts';

/** What it is about. Every member that is given must hold, a list holds when one of it does; at least one is given. */
export interface SuppressionMatch {
  readonly sources?: readonly string[];
  /** Keys of what the alert is about, exact and lower case: host:wks-007. */
  readonly entities?: readonly string[];
  /** Exact. */
  readonly title?: string;
  /** Only these playbooks start nothing. */
  readonly playbooks?: readonly string[];
  /** Alerts of this severity and above come through, OCSF's number. */
  readonly severityBelow?: number;
  /** CEL over `alert`. What cannot be evaluated suppresses nothing. */
  readonly when?: string;
}

/** One that is in force now. */
export interface Suppression {
  readonly id: string;
  readonly title: string;
  readonly reason: string;
  /** ISO 8601 UTC. */
  readonly until: string;
  readonly match: SuppressionMatch;
}

/** The first that keeps this playbook from starting on the alert. `keys`: who and what the alert is about. */
export function suppressionFor(
  suppressions: readonly Suppression[],
  alert: Alert,
  keys: readonly string[],
  playbook: string,
): Suppression | undefined {
  return suppressions.find(({ match }) => holds(match, alert, keys, playbook));
}

function holds(match: SuppressionMatch, alert: Alert, keys: readonly string[], playbook: string): boolean {
  if (match.sources && !match.sources.includes(alert.source)) return false;
  if (match.playbooks && !match.playbooks.includes(playbook)) return false;
  if (match.title !== undefined && match.title !== alert.title) return false;
  if (match.severityBelow !== undefined && alert.severity_id >= match.severityBelow) return false;
  if (match.entities && !match.entities.some((entity) => keys.includes(entity))) return false;
  if (match.when === undefined) return true;
  const guard = evaluate(match.when, { alert });
  return guard.ok && guard.value === true;
}
