// What an adapter is: parsed JSON of one product to Alerts. One file per product; the table of them is in normalise.ts.
import type { Alert } from './alert.ts';

export type Normalised =
  /** `odd`: parts of the body that could not be read, each with its reason; they are kept and shown beside the alerts. */
  | { readonly ok: true; readonly alerts: readonly Alert[]; readonly odd: readonly string[] }
  | { readonly ok: false; readonly reason: string };

/** Never throws; `source` is the name in `/hooks/<source>`. */
export type Adapter = (json: unknown, source: string) => Normalised;
