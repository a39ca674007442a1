// What the command line says to the program that gets an account back without the API, and what it hears: types only. One JSON document in, one line of JSON out.

export interface ResetWish {
  readonly login: string;
  /** Also of an account that is disabled: it may sign in again. */
  readonly enable: boolean;
}

export interface ResetReport {
  readonly report: {
    readonly login: string;
    readonly name: string;
    readonly role: string;
    /** It stays so: nobody signs in with it. */
    readonly disabled: boolean;
    /** Works once. */
    readonly password: string;
  };
}

export interface ResetFailure {
  readonly error: { readonly code: string; readonly message: string; readonly hint?: string; readonly reachable: boolean };
}
