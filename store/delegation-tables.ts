// The columns of who stands in for whom.
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
