// One audit event: who did what, when, with which facts. No types of ours are needed here, and nothing is read from the outside.

export type Fact = null | boolean | number | string | readonly Fact[] | { readonly [name: string]: Fact | undefined };
/** Facts by name; undefined members are left out. Names with a meaning of their own: see personal.ts and the wording in codes.ts. */
export type Facts = { readonly [name: string]: Fact | undefined };

/** An event at its place in a chain, as it is stored. */
export interface ChainedEvent {
  /** A run's id, or an administrative stream: admin, intake, people … */
  readonly stream: string;
  /** From 1, without gaps. */
  readonly seq: number;
  /** ISO 8601 UTC with milliseconds. */
  readonly at: string;
  readonly code: string;
  /** Id of a person, 'cordon' for ourselves, or 'source:<name>'. Never a name: those can be erased, a chained record cannot. */
  readonly actor: string;
  /** Chained for ever. */
  readonly body: Facts;
  /** What can be erased; only its digest is chained. null: there was none, or it was erased. */
  readonly personal: Facts | null;
  readonly personalDigest: string | null;
  readonly prev: string;
  readonly hash: string;
}

/** Hex digest of the text's UTF-8 bytes. Passed in, since this folder knows no crypto library. */
export type Sha256 = (text: string) => string;
