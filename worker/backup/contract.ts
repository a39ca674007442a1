// What the command line says to the program that backs up and restores the store, and what it hears: types only. One JSON document in, lines of JSON out.

export type StoreWish =
  | { readonly what: 'backup' /** Absolute; not there yet. */; readonly file: string }
  | { readonly what: 'restore' /** Absolute. */; readonly file: string }
  | {
      readonly what: 'drill';
      /** Absolute: a backup from before; without it one is made now and removed afterwards. */
      readonly file?: string;
      /** An empty PostgreSQL database that the drill may fill; without it an embedded store in a folder of its own, removed afterwards. */
      readonly database?: string;
    };

export interface StoreStep {
  readonly what: string;
  /** Since the step before, ms. */
  readonly ms: number;
}

/** The last line when all was carried out; `ok` is false where something is not as it should be. */
export interface StoreReport {
  readonly report: {
    readonly ok: boolean;
    /** When the backup was made, ISO 8601. */
    readonly madeAt: string;
    readonly lines: number;
    readonly sha256: string;
    readonly steps: readonly StoreStep[];
    /** On restores: what was compared. */
    readonly checks?: readonly { readonly what: string; readonly ok: boolean; readonly found: string }[];
  };
}

export interface StoreFailure {
  readonly error: { readonly code: string; readonly message: string; readonly hint?: string; readonly reachable: boolean };
}

export type StoreLine = StoreStep | StoreReport | StoreFailure;
