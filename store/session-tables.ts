// The columns of who is signed in, and of API tokens.
import type { Instant, InstantDefault, InstantOrNull } from './tables.ts';

export interface SessionsTable {
  token_hash: string;
  person_id: string;
  created_at: InstantDefault;
  seen_at: InstantDefault;
  expires_at: Instant;
  auth_at: InstantDefault;
}

export interface ApiTokensTable {
  id: string;
  token_hash: string;
  person_id: string;
  name: string;
  scopes: string[];
  created_at: InstantDefault;
  last_used_at: InstantOrNull;
  expires_at: InstantOrNull;
  revoked_at: InstantOrNull;
}
