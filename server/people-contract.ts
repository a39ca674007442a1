// The shapes of people among themselves in the API: who is on call, who stands in, what woke them, who they are elsewhere. Read through contract.ts.

/** Who at another product a link would bind. */
export interface IdentityLink {
  readonly provider: string;
  /** The workspace. */
  readonly realm: string;
  readonly externalId: string;
  readonly externalName: string;
}

export interface BoundIdentity extends IdentityLink {
  readonly id: string;
  readonly boundAt: string;
}

/** What was to reach people and has not. */
export interface Undelivered {
  /** No recipient of pages is configured. */
  readonly wakesNobody: boolean;
  /** Open pages that have reached nobody: tried, or for nobody. */
  readonly pages: number;
  readonly channels: readonly {
    readonly connector: string;
    readonly recipient: string;
    readonly count: number;
    readonly since: string;
    readonly error?: string;
  }[];
}

/** Who is on call for a rota now. */
export interface OnCallRow {
  readonly rota: string;
  /** Sign-in names and addresses. */
  readonly people: readonly string[];
  /** Of a rota that a product keeps. */
  readonly readAt?: string;
  /** The product does not answer: this is what it said last. */
  readonly isStale: boolean;
  readonly error?: string;
}

/** Something that needs a person now. */
export interface PageRow {
  readonly id: string;
  readonly code: string;
  readonly message: string;
  /** Goes through at once, also in a storm. */
  readonly critical: boolean;
  readonly runId?: string;
  readonly incidentId?: string;
  readonly state: 'open' | 'acknowledged' | 'resolved';
  readonly raisedAt: string;
  readonly changedAt?: string;
  readonly changedBy?: string;
  /** `<connector> <recipient>`: whom it is for. Empty: nobody was named to be woken when it was raised, nor since. */
  readonly recipients: readonly string[];
  /** Where it stands. Neither here nor in `failing`: it waits for a message that gathers several. */
  readonly reached: readonly string[];
  readonly failing: readonly string[];
}

/** `GET /api/v1/delegations`: open ones, by you and to you; an admin sees everybody's. */
export interface DelegationRow {
  readonly id: string;
  /** Who lends being asked, and to whom: names. */
  readonly person: string;
  readonly delegate: string;
  readonly mine: boolean;
  readonly from: string;
  readonly until: string;
  /** Its time has begun. */
  readonly active: boolean;
  /** Reminders go to the delegate. */
  readonly outOfOffice: boolean;
  readonly reason: string;
}

/** `GET /api/v1/people`. Making one answers it with `password`, which works once. */
export interface PersonRow {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly email?: string;
  readonly role: string;
  readonly disabled: boolean;
  readonly mustChangePassword: boolean;
  /** For emergencies: works without the identity provider, and each use is told to every admin. */
  readonly breakGlass: boolean;
  /** We hold an account of theirs: until it is released they decide nothing. */
  readonly contained: boolean;
  readonly createdAt: string;
  /** Absent: never. */
  readonly lastSignInAt?: string;
}

/** `POST /people`, `POST /people/:id/password`. */
export interface NewAccount extends PersonRow {
  /** Works once, and is said once. */
  readonly password: string;
}

/** `GET /tokens`, `GET /people/:id/tokens`: those that are neither revoked nor forgotten. */
export interface TokenRow {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly createdAt: string;
  readonly lastUsedAt?: string;
  /** Absent: never. */
  readonly expiresAt?: string;
}

/** `POST /tokens`. */
export interface NewToken {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  /** Said once. */
  readonly token: string;
  readonly expiresAt: string;
}
