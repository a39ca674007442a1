// The columns of who stands in for whom, and of what was done with accounts for emergencies.
import type { Generated } from 'kysely';
import type { Instant, InstantDefault, InstantOrNull } from './tables.ts';

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
