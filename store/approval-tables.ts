// Rows of what people are asked, and of what they decided.
import type { Generated } from 'kysely';
import type { Instant, InstantDefault, InstantOrNull, JsonColumn, JsonDefault, JsonOrNull } from './tables.ts';

export interface ApprovalsTable {
  id: string;
  run_id: string;
  incident_id: string;
  key: string;
  step_id: string;
  round: Generated<number>;
  kind: string;
  title: string;
  items: JsonColumn;
  canonical: string;
  digest: string;
  requirement: JsonColumn;
  choices: string[] | null;
  asked: JsonOrNull;
  silence: string | null;
  addressed_to: JsonDefault;
  state: Generated<string>;
  answer: JsonOrNull;
  opened_at: InstantDefault;
  expires_at: Instant;
  remind_at: Generated<Date[]>;
  use_by: InstantOrNull;
  decided_at: InstantOrNull;
  decided_by: string | null;
  void_reason: string | null;
  acked_by: string | null;
  acked_at: InstantOrNull;
  acked_until: InstantOrNull;
}

export interface EscalationsTable {
  approval_id: string;
  step: number;
  at: Instant;
  addressed_to: JsonColumn;
  told: Generated<boolean>;
}

export interface ApprovalCommentsTable {
  id: string;
  number: Generated<string>;
  approval_id: string;
  person_id: string;
  body: string;
  channel: string;
  at: Instant;
}

export interface DecisionsTable {
  id: Generated<string>;
  approval_id: string;
  person_id: string;
  iss: string;
  sub: string;
  role: string;
  decision: string;
  answer: string | null;
  reason: Generated<string>;
  channel: string;
  at: InstantDefault;
  proven_ago_ms: number | null;
  for_person_id: string | null;
}
