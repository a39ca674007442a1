// Severity words of other products, mapped to OCSF's.
import type { Severity } from './alert.ts';

export const SEVERITY_WORDS: Readonly<Record<string, Severity>> = {
  unknown: 'unknown',
  none: 'informational',
  info: 'informational',
  informational: 'informational',
  notice: 'informational',
  debug: 'informational',
  low: 'low',
  minor: 'low',
  medium: 'medium',
  moderate: 'medium',
  warn: 'medium',
  warning: 'medium',
  high: 'high',
  major: 'high',
  error: 'high',
  critical: 'critical',
  crit: 'critical',
  page: 'critical',
  alert: 'critical',
  fatal: 'fatal',
  emergency: 'fatal',
};

/** The OCSF word for a product's word, whatever its case; undefined when it is not known. */
export function readSeverity(value: unknown): Severity | undefined {
  if (typeof value !== 'string') return undefined;
  const word = value.trim().toLowerCase();
  return Object.hasOwn(SEVERITY_WORDS, word) ? SEVERITY_WORDS[word] : undefined;
}
