// What `cordon replay` says to the program that replays, and what it hears: types only. One JSON document in, one line of JSON out for each history.

export interface ReplayWish {
  /** Runs whose histories Temporal is asked for. */
  readonly runs: readonly string[];
  /** Absolute: a folder of saved histories. */
  readonly histories?: string;
  /** Absolute: where the histories of `runs` are saved. */
  readonly save?: string;
  /** Absolute: the keyring that the histories are encrypted with; default: the data folder's own. */
  readonly keys?: string;
}

/** replays: this build goes on where it stands · breaks: it would get stuck · unreadable: not our keys, or no history · gone: Temporal has none. */
export interface Replayed {
  /** The run's id, or the file's name. */
  readonly name: string;
  readonly verdict: 'replays' | 'breaks' | 'unreadable' | 'gone';
  /** On all but `replays`: what was found, where. */
  readonly why?: string;
  readonly events?: number;
}

/** The last line when it could not go on. */
export interface ReplayFailure {
  readonly error: { readonly code: string; readonly message: string; readonly hint?: string; readonly reachable: boolean };
}
