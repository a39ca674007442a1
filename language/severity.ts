// Severity words and OCSF's numbers. The alerts' own table is the same; a test holds them equal (language imports nothing of ours).

export type SeverityWord = 'unknown' | 'informational' | 'low' | 'medium' | 'high' | 'critical' | 'fatal';

export const SEVERITY_ID: Readonly<Record<SeverityWord, number>> = {
  unknown: 0,
  informational: 1,
  low: 2,
  medium: 3,
  high: 4,
  critical: 5,
  fatal: 6,
};

export const isSeverityWord = (text: string): text is SeverityWord => Object.hasOwn(SEVERITY_ID, text);
