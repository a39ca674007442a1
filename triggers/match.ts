// Does one trigger take the alert, and in words why or why not.
import type { Alert } from '../alerts/alert.ts';
import { evaluate } from '../language/cel.ts';
import type { AlertTrigger } from '../language/plan.ts';
import { SEVERITY_ID } from '../language/severity.ts';

export type Match =
  | { readonly kind: 'yes'; readonly reason: string }
  | { readonly kind: 'no'; readonly reason: string }
  | { readonly kind: 'error'; readonly reason: string };

/** Characters of an expression in a reason. */
const MAX_SHOWN = 200;

export function matchTrigger(trigger: AlertTrigger, alert: Alert): Match {
  if (!trigger.sources.includes(alert.source)) return { kind: 'no', reason: `source ${alert.source} is not ${trigger.sources.join(', ')}` };
  const atLeast = wordOf(trigger.minSeverityId);
  if (alert.severity_id < trigger.minSeverityId) return { kind: 'no', reason: `severity ${alert.severity} < ${atLeast}` };
  const parts = [`source ${alert.source}`, `severity ${alert.severity}${trigger.minSeverityId > 0 ? ` >= ${atLeast}` : ''}`];
  if (trigger.when === undefined) return { kind: 'yes', reason: parts.join(', ') };
  const shown = shorten(trigger.when);
  const guard = evaluate(trigger.when, { alert });
  if (!guard.ok) return { kind: 'error', reason: `when ${shown}: ${guard.error.message}` };
  if (typeof guard.value !== 'boolean') return { kind: 'error', reason: `when ${shown} is neither true nor false` };
  if (!guard.value) return { kind: 'no', reason: `when ${shown} is false` };
  return { kind: 'yes', reason: [...parts, `when ${shown}`].join(', ') };
}

const wordOf = (id: number): string => Object.entries(SEVERITY_ID).find(([, number]) => number === id)?.[0] ?? String(id);

const shorten = (text: string): string => (text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text);
