// The rows as they are in the database: the only place that knows column types. Instants arrive as Date, bigints as strings.
import type { ColumnType, Generated } from 'kysely';
import type { ApprovalCommentsTable, ApprovalsTable, DecisionsTable, EscalationsTable } from './approval-tables.ts';
import type { ChannelTables } from './channel-tables.ts';
import type { BreakGlassUsesTable, DelegationsTable, PeopleTable } from './people-tables.ts';
import type { RunEventsTable } from './run-event-tables.ts';
import type { SchedulesTable, ScheduleTicksTable } from './schedule-tables.ts';
import type { ApiTokensTable, SessionsTable } from './session-tables.ts';

/** Read as Date, written as Date or ISO text. */
export type Instant = ColumnType<Date, Date | string, Date | string>;
/** As Instant, with a default in the database. */
export type InstantDefault = ColumnType<Date, Date | string | undefined, Date | string>;
/** jsonb: parsed on reading (unknown until a schema has looked at it); written as JSON text. */
export type JsonColumn = ColumnType<unknown, string, string>;
export type JsonDefault = ColumnType<unknown, string | undefined, string>;
export type InstantOrNull = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
export type JsonOrNull = ColumnType<unknown, string | null | undefined, string | null>;
type BigIntegerOrNull = ColumnType<string | null, number | string | null | undefined, number | string | null>;
type BigInteger = ColumnType<string, number | string | bigint, number | string | bigint>;

export interface SettingsTable {
  name: string;
  value: JsonColumn;
  changed_at: InstantDefault;
  changed_by: Generated<string>;
}

export interface FreezesTable {
  connector: Generated<string>;
  verb: Generated<string>;
  by: string;
  reason: string;
  since: InstantDefault;
  lift_by: string | null;
  lift_reason: string | null;
  lift_at: InstantOrNull;
}

export interface AlertsTable {
  id: string;
  source: string;
  delivery_id: string;
  finding: string | null;
  state: string;
  quarantine_reason: string | null;
  title: string;
  severity_id: Generated<number>;
  status: Generated<string>;
  body: JsonOrNull;
  raw: Uint8Array;
  content_type: string;
  incident_id: string | null;
  seen_count: Generated<number>;
  received_at: InstantDefault;
  last_seen_at: InstantDefault;
  decided_at: InstantOrNull;
}

export interface DeliveriesTable {
  source: string;
  delivery_id: string;
  alert_ids: string[];
  received_at: InstantDefault;
}

export interface TriggerDecisionsTable {
  id: Generated<string>;
  alert_id: string;
  playbook: string | null;
  decision: string;
  reason: string;
  run_id: string | null;
  suppression_id: string | null;
  at: InstantDefault;
}

export interface IncidentsTable {
  id: string;
  title: string;
  severity_id: number;
  state: Generated<string>;
  merged_into: string | null;
  opened_at: InstantDefault;
  updated_at: InstantDefault;
}

export interface IncidentEntitiesTable {
  incident_id: string;
  entity: string;
  seen_at: InstantDefault;
}

export interface OutboxTable {
  id: Generated<string>;
  kind: string;
  about: string;
  dedupe: string;
  payload: JsonDefault;
  priority: Generated<number>;
  lane: Generated<string>;
  state: Generated<string>;
  attempts: Generated<number>;
  next_at: InstantDefault;
  claimed_by: string | null;
  claimed_until: InstantOrNull;
  error: string | null;
  created_at: InstantDefault;
  ended_at: InstantOrNull;
}

export interface PlaybookVersionsTable {
  digest: string;
  playbook: string;
  version: number;
  mode: Generated<string>;
  state: Generated<string>;
  plan: JsonColumn;
  source: string;
  path: string;
  author: Generated<string>;
  published_at: InstantDefault;
  published_by: string | null;
  written_at: InstantDefault;
}

export interface PlaybookFaultsTable {
  path: string;
  diagnostics: JsonColumn;
  at: InstantDefault;
}

export interface RunsTable {
  id: string;
  kind: Generated<string>;
  playbook: string;
  plan_digest: string;
  plan: JsonOrNull;
  mode: Generated<string>;
  alert_id: string | null;
  incident_id: string;
  parent_run_id: string | null;
  title: string;
  inputs: JsonColumn;
  severity_id: Generated<number>;
  lane: Generated<string>;
  started_by: Generated<string>;
  reason: Generated<string>;
  dedupe_key: string | null;
  dedupe_until: InstantOrNull;
  state: Generated<string>;
  outcome: string | null;
  error: JsonOrNull;
  outcomes: JsonOrNull;
  temporal_run_id: string | null;
  worker: string | null;
  place_until: InstantOrNull;
  created_at: InstantDefault;
  started_at: InstantOrNull;
  progress_at: InstantDefault;
  checked_at: InstantOrNull;
  stuck_told_at: InstantOrNull;
  ended_at: InstantOrNull;
}

export interface ResolutionsTable {
  run_id: string;
  action: string;
  reason: string;
  at: Generated<Date>;
  answered: Generated<string[]>;
}

export interface RunJoinsTable {
  run_id: string;
  alert_id: string;
  at: InstantDefault;
}

export interface StepsTable {
  run_id: string;
  key: string;
  generation: Generated<number>;
  step_id: string;
  kind: string;
  verb: string | null;
  risk: string | null;
  connector: string | null;
  params: JsonDefault;
  why: string | null;
  entity: string | null;
  entity_name: string | null;
  entity_id: string | null;
  entity_names: string[] | null;
  says: string | null;
  state: string;
  waiting_on: string | null;
  waiting_until: InstantOrNull;
  approval_id: string | null;
  idempotency_key: string | null;
  intent_at: InstantOrNull;
  owner: string | null;
  lease_until: InstantOrNull;
  lands_within_ms: number | null;
  fence: BigInteger | null;
  before: JsonOrNull;
  after: JsonOrNull;
  outcome: string | null;
  output: JsonOrNull;
  error: JsonOrNull;
  decision: JsonOrNull;
  recovered: Generated<boolean>;
  attempts: Generated<number>;
  hold_id: string | null;
  held_since: InstantOrNull;
  started_at: InstantDefault;
  ended_at: InstantOrNull;
}

export interface HoldsTable {
  id: string;
  run_id: string;
  key: string;
  generation: number;
  step_id: string;
  incident_id: string;
  entity: string;
  entity_name: string;
  entity_id: string;
  entity_names: Generated<string[] | null>;
  verb: string;
  connector: string;
  params: JsonColumn;
  before: JsonColumn;
  says_undo: string;
  state: Generated<string>;
  recovered: Generated<boolean>;
  placed_at: InstantDefault;
  expires_at: InstantOrNull;
  on_expiry: string | null;
  ended_at: InstantOrNull;
  ended_by: string | null;
  debt_reason: string | null;
  debt_owner: string | null;
  debt_since: InstantOrNull;
  debt_reminded_at: InstantOrNull;
  checked_at: InstantOrNull;
  drifted_at: InstantOrNull;
  drift: string | null;
  renew_by: string | null;
  renew_for_ms: BigIntegerOrNull;
  renew_at: InstantOrNull;
}

export interface SuppressionsTable {
  id: string;
  title: string;
  match: JsonColumn;
  reason: string;
  created_by: string;
  starts_at: InstantDefault;
  expires_at: Instant;
  removed_at: InstantOrNull;
  removed_by: string | null;
  hidden: Generated<number>;
  last_hidden_at: InstantOrNull;
}

export interface LocksTable {
  entity: string;
  run_id: string;
  key: string;
  fence: BigInteger;
  owner: string;
  lease_until: Instant;
}

export interface LockWaitersTable {
  entity: string;
  run_id: string;
  key: string;
  since: InstantDefault;
}

export interface LimitsTable {
  name: string;
  told_at: InstantOrNull;
}

export interface EntitiesTable {
  source: string;
  id: string;
  entity: string;
  conflict: string | null;
  kind: string;
  name: string;
  aliases: Generated<string[]>;
  tags: Generated<string[]>;
  groups: Generated<string[]>;
  owner: string | null;
  criticality: string | null;
  depends_on: Generated<string[]>;
}

export interface AuditEventsTable {
  stream: string;
  seq: BigInteger;
  at: Instant;
  code: string;
  actor: string;
  body: JsonColumn;
  personal: JsonOrNull;
  personal_digest: string | null;
  prev: string;
  hash: string;
}

export interface AuditHeadsTable {
  stream: string;
  seq: BigInteger;
  hash: string;
  changed_at: InstantDefault;
  anchored_seq: Generated<string>;
}

export interface AuditCheckpointsTable {
  id: Generated<string>;
  at: Instant;
  heads: JsonColumn;
  root: string;
  prev: string;
  digest: string;
  signature: string;
}

export interface ConnectorStatesTable {
  id: string;
  type: string;
  title: string;
  simulated: boolean;
  verbs: string[];
  state: Generated<string>;
  detail: string | null;
  checked_at: InstantOrNull;
  outage_since: InstantOrNull;
  account: string | null;
}

export interface Database extends ChannelTables {
  settings: SettingsTable;
  freezes: FreezesTable;
  suppressions: SuppressionsTable;
  alerts: AlertsTable;
  deliveries: DeliveriesTable;
  trigger_decisions: TriggerDecisionsTable;
  incidents: IncidentsTable;
  incident_entities: IncidentEntitiesTable;
  outbox: OutboxTable;
  playbook_versions: PlaybookVersionsTable;
  playbook_faults: PlaybookFaultsTable;
  runs: RunsTable;
  run_events: RunEventsTable;
  run_joins: RunJoinsTable;
  resolutions: ResolutionsTable;
  steps: StepsTable;
  holds: HoldsTable;
  locks: LocksTable;
  lock_waiters: LockWaitersTable;
  limits: LimitsTable;
  approvals: ApprovalsTable;
  approval_comments: ApprovalCommentsTable;
  schedules: SchedulesTable;
  schedule_ticks: ScheduleTicksTable;
  decisions: DecisionsTable;
  escalations: EscalationsTable;
  delegations: DelegationsTable;
  break_glass_uses: BreakGlassUsesTable;
  entities: EntitiesTable;
  people: PeopleTable;
  sessions: SessionsTable;
  api_tokens: ApiTokensTable;
  audit_events: AuditEventsTable;
  audit_heads: AuditHeadsTable;
  audit_checkpoints: AuditCheckpointsTable;
  connector_states: ConnectorStatesTable;
}
