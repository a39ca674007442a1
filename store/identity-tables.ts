// Rows of identities at other products.
import type { Instant, InstantOrNull } from './tables.ts';

export interface IdentitiesTable {
  id: string;
  provider: string;
  realm: string;
  external_id: string;
  external_name: string;
  person_id: string;
  bound_at: Instant;
}

export interface IdentityLinksTable {
  token_hash: string;
  provider: string;
  realm: string;
  external_id: string;
  external_name: string;
  external_email: string | null;
  expires_at: Instant;
  used_at: InstantOrNull;
}

export interface ClicksTable {
  id: string;
  at: Instant;
}
