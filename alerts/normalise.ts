// A source's bytes, as text, to Alerts. A new product is one adapter file and one line in ADAPTERS.
import type { Adapter, Normalised } from './adapter.ts';
import { normaliseAlertmanager } from './alertmanager.ts';
import { parseJson } from './json.ts';
import { normalisePlain } from './plain.ts';

const ADAPTERS = {
  plain: normalisePlain,
  alertmanager: normaliseAlertmanager,
} as const satisfies Readonly<Record<string, Adapter>>;

export type SourceType = keyof typeof ADAPTERS;

/** Scans, parses and reads a body. Never throws: what cannot be read comes back with its reason. */
export function normalise(type: SourceType, source: string, text: string): Normalised {
  const parsed = parseJson(text);
  return parsed.ok ? ADAPTERS[type](parsed.value, source) : { ok: false, reason: parsed.reason };
}
