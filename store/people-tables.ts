// The columns of people, of who stands in for whom, and of what was done with accounts for emergencies.
import type { Generated } from 'kysely';
import type { Instant, InstantDefault, InstantOrNull } from './tables.ts';

export interface PeopleTable {
  id: string;
  iss: string;
  sub: string;
  login: string;
  name: string;
  email: string | null;
  password_hash: string | null;
  one_time: Generated<boolean>;
  role: string;
  disabled: Generated<boolean>;
  failed_count: Generated<number>;
  locked_until: InstantOrNull;
  created_at: InstantDefault;
  break_glass: Generated<boolean>;
  last_sign_in_at: InstantOrNull;
}

export interface DelegationsTable {
  id: string;
  person_id: string;
  delegate_id: string;
  from_at: Instant;
  until_at: Instant;
  out_of_office: Generated<boolean>;
  reason: Generated<string>;
  made_at: InstantDefault;
  ended_at: InstantOrNull;
}

export interface BreakGlassUsesTable {
  id: Generated<string>;
  person_id: string;
  at: Instant;
  peer: string;
  told: Generated<boolean>;
}
