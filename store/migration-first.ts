// The store's first tables. Applied ones are never changed (migrations.ts).
import { auditSql } from './audit-sql.ts';

export const firstSql = `
create table settings (
  name text primary key,
  value jsonb not null,
  changed_at timestamptz not null default now(),
  changed_by text not null default 'system'
);

-- Intake -----------------------------------------------------------------------------------------
create table alerts (
  id text primary key,                       -- alr_…, sorts by time
  source text not null,
  delivery_id text not null,
  finding text,                              -- null when quarantined
  state text not null,                       -- accepted | quarantined
  quarantine_reason text,
  title text not null,
  severity_id int not null default 0,
  status text not null default 'open',       -- open | resolved, by the source
  body jsonb,                                -- the Alert; null when quarantined
  raw bytea not null,                        -- the bytes as signed
  content_type text not null,
  incident_id text,
  seen_count int not null default 1,         -- this finding, posts
  received_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  decided_at timestamptz                     -- triggers were matched
);
create unique index alerts_finding on alerts (source, finding) where finding is not null;
create index alerts_received on alerts (received_at desc);
create index alerts_incident on alerts (incident_id);

-- Replay guard: a delivery id is refused for longer than its signature lives.
create table deliveries (
  source text not null,
  delivery_id text not null,
  alert_ids text[] not null,
  received_at timestamptz not null default now(),
  primary key (source, delivery_id)
);
create index deliveries_age on deliveries (received_at);

-- Why an alert did or did not start something, one row per playbook considered.
create table trigger_decisions (
  id bigserial primary key,
  alert_id text not null references alerts(id),
  playbook text,
  decision text not null,                    -- start | join | duplicate | suppressed | no_match | error
  reason text not null,
  run_id text,
  at timestamptz not null default now()
);
create index trigger_decisions_alert on trigger_decisions (alert_id);

create table incidents (
  id text primary key,                       -- inc_…
  title text not null,
  severity_id int not null,
  state text not null default 'open',        -- open | closed | merged
  merged_into text,
  opened_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create table incident_entities (
  incident_id text not null references incidents(id),
  entity text not null,                      -- user:eve@…, host:wks-007, lower case
  seen_at timestamptz not null default now(),
  primary key (incident_id, entity)
);
create index incident_entities_entity on incident_entities (entity, seen_at desc);

-- Outbox: everything that dispatch owes to Temporal or to a run -----------------------------------
create table outbox (
  id bigserial primary key,
  kind text not null,                        -- decide | start | wake | cancel | notify
  about text not null,                       -- alert id (decide) or run id
  dedupe text not null unique,               -- delivery is idempotent by it
  payload jsonb not null default '{}',
  priority int not null default 0,           -- severity_id; higher first
  lane text not null default '',             -- fairness: the alert's source
  state text not null default 'ready',       -- ready | done | undeliverable
  attempts int not null default 0,
  next_at timestamptz not null default now(),
  claimed_by text,
  claimed_until timestamptz,
  error text,
  created_at timestamptz not null default now(),
  ended_at timestamptz
);
create index outbox_turn on outbox (kind, priority desc, lane, id) where state = 'ready';
create index outbox_done on outbox (ended_at) where state = 'done';
create index outbox_about on outbox (about);

-- Playbooks and runs ------------------------------------------------------------------------------
create table playbook_versions (
  digest text primary key,                   -- sha256 of the canonical plan
  playbook text not null,
  version int not null,
  mode text not null default 'act',          -- observe | ask | act
  state text not null default 'published',   -- published | superseded
  plan jsonb not null,
  source text not null,                      -- the YAML text
  path text not null,
  author text not null default 'folder',
  published_at timestamptz not null default now(),
  unique (playbook, version)
);
-- Files that are not good now; the last good version stays published.
create table playbook_faults (
  path text primary key,
  diagnostics jsonb not null,
  at timestamptz not null default now()
);

create table runs (
  id text primary key,                       -- run_…
  kind text not null default 'playbook',     -- playbook | undo | hold
  playbook text not null,
  plan_digest text not null,
  plan jsonb,                                -- only for made plans (undo, hold): others are in playbook_versions
  mode text not null default 'act',
  alert_id text references alerts(id),
  incident_id text not null references incidents(id),
  parent_run_id text,                        -- an undo run's run
  title text not null,
  inputs jsonb not null,
  severity_id int not null default 0,
  lane text not null default '',
  started_by text not null default 'trigger',
  reason text not null default '',           -- why it started
  dedupe_key text,
  dedupe_until timestamptz,
  state text not null default 'queued',      -- queued | starting | running | waiting | completed | stopped | failed | cancelled | lost
  outcome text,
  error jsonb,
  outcomes jsonb,                            -- by step key, written by the run's last act
  temporal_run_id text,                      -- bound by the first store write
  worker text,                               -- holds the working place
  place_until timestamptz,                   -- the working lease; null: not working
  created_at timestamptz not null default now(),
  started_at timestamptz,
  progress_at timestamptz not null default now(),
  checked_at timestamptz,                    -- reconciler
  ended_at timestamptz
);
create index runs_queue on runs (severity_id desc, created_at) where state = 'queued';
create index runs_open on runs (progress_at) where state in ('starting', 'running', 'waiting');
create index runs_placed on runs (worker) where place_until is not null;
create index runs_exempt on runs (id) where kind <> 'playbook' and state in ('queued', 'starting', 'running', 'waiting');
create index runs_created on runs (created_at desc);
create index runs_incident on runs (incident_id);
create unique index runs_dedupe on runs (playbook, dedupe_key) where dedupe_key is not null and state in ('queued', 'starting', 'running', 'waiting');

create table run_joins (
  run_id text not null references runs(id),
  alert_id text not null references alerts(id),
  at timestamptz not null default now(),
  primary key (run_id, alert_id)
);

-- Steps: what was asked of the world, what came back. One row per key and generation -------------
create table steps (
  run_id text not null references runs(id),
  key text not null,                         -- step id with #i per loop; undo: the same key, generation + 1
  generation int not null default 0,
  step_id text not null,
  kind text not null,                        -- do | undo | gate | ask
  verb text,
  risk text,
  connector text,                            -- instance id
  params jsonb not null default '{}',
  why text,
  entity text,                               -- canonical: user:eve, host:wks-007
  entity_name text,
  entity_id text,                            -- the product's id
  says text,                                 -- the sentence
  state text not null,                       -- reading | waiting | intent | ended
  waiting_on text,                           -- approval | question | lock | lease | freeze
  waiting_until timestamptz,
  approval_id text,
  idempotency_key text,                      -- what the product sees
  intent_at timestamptz,
  owner text,                                -- process that holds the lease
  lease_until timestamptz,
  lands_within_ms int,
  fence bigint,
  before jsonb,
  after jsonb,
  outcome text,
  output jsonb,
  error jsonb,
  decision jsonb,                            -- policy: allow | ask | deny, rule, reason, facts
  recovered boolean not null default false,
  attempts int not null default 0,
  hold_id text,
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  primary key (run_id, key, generation)
);
create index steps_entity on steps (entity, started_at desc) where entity is not null;

-- The ledger: every reversible effect of ours that may still be in force --------------------------
create table holds (
  id text primary key,                       -- hld_…
  run_id text not null references runs(id),
  key text not null,
  generation int not null,
  step_id text not null,
  incident_id text not null,
  entity text not null,
  entity_name text not null,
  entity_id text not null,
  verb text not null,
  connector text not null,
  params jsonb not null,
  before jsonb not null,
  says_undo text not null,
  state text not null default 'active',      -- active | releasing | released | foreign | debt
  recovered boolean not null default false,
  placed_at timestamptz not null default now(),
  expires_at timestamptz,                    -- null: until released
  on_expiry text,                            -- ask | release
  ended_at timestamptz,
  ended_by text,
  debt_reason text,
  debt_owner text,
  unique (run_id, key, generation)
);
create index holds_active on holds (entity) where state in ('active', 'releasing', 'debt');
create index holds_due on holds (expires_at) where state = 'active' and expires_at is not null;

create table locks (
  entity text primary key,
  run_id text not null,
  key text not null,
  fence bigint not null,
  owner text not null,
  lease_until timestamptz not null
);
create sequence fences;
create table lock_waiters (
  entity text not null,
  run_id text not null,
  key text not null,
  since timestamptz not null default now(),
  primary key (entity, run_id, key)
);

-- Approvals and questions -------------------------------------------------------------------------
create table approvals (
  id text primary key,                       -- apr_…
  run_id text not null references runs(id),
  incident_id text not null,
  key text not null,
  step_id text not null,
  round int not null default 0,              -- raised when it was voided
  kind text not null,                        -- approval | question
  title text not null,                       -- one sentence
  items jsonb not null,                      -- [{key, digest, says, saysUndo?, verb, entity, entityName, connector, risk, why, before?, policy}]
  canonical text not null,                   -- the bytes the digest is over
  digest text not null,
  requirement jsonb not null,                -- {count, roles, reasons: [{rule, reason}]}
  choices text[],                            -- questions
  silence text,                              -- a question's answer by silence
  addressed_to jsonb not null default '{}',
  state text not null default 'open',        -- open | granted | denied | expired | void | answered | withdrawn
  answer jsonb,
  opened_at timestamptz not null default now(),
  expires_at timestamptz not null,
  remind_at timestamptz[] not null default '{}',  -- still to come
  escalate_at timestamptz,                   -- null: not wanted, or done
  escalate_to jsonb,
  use_by timestamptz,                        -- a granted approval is stale after it
  decided_at timestamptz,
  decided_by text,
  void_reason text,
  unique (run_id, key, round)
);
create index approvals_open on approvals (expires_at) where state = 'open';
create table decisions (
  id bigserial primary key,
  approval_id text not null references approvals(id),
  person_id text not null,
  iss text not null,
  sub text not null,
  role text not null,
  decision text not null,                    -- approve | deny | answer
  answer text,
  reason text not null default '',
  channel text not null,                     -- console | cli | …
  at timestamptz not null default now(),
  unique (approval_id, iss, sub)
);

-- Entities: the inventory that policy reads --------------------------------------------------------
create table entities (
  id text primary key,                       -- kind:name, lower case
  kind text not null,
  name text not null,
  aliases text[] not null default '{}',      -- lower case, exact
  tags text[] not null default '{}',
  owner text,
  criticality text,                          -- low | medium | high | critical
  depends_on text[] not null default '{}',
  source text not null
);
create index entities_aliases on entities using gin (aliases);

-- People --------------------------------------------------------------------------------------------
create table people (
  id text primary key,                       -- per_…
  iss text not null,                         -- 'local' or the OIDC issuer
  sub text not null,
  login text not null,
  name text not null,
  email text,
  password_hash text,
  one_time boolean not null default false,   -- the password must be changed at sign-in
  role text not null,                        -- viewer | analyst | responder | engineer | admin
  disabled boolean not null default false,
  failed_count int not null default 0,
  locked_until timestamptz,
  created_at timestamptz not null default now(),
  unique (iss, sub)
);
create unique index people_login on people (lower(login));
create table sessions (
  token_hash text primary key,               -- sha256 of 256 random bits
  person_id text not null references people(id),
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  auth_at timestamptz not null default now()
);
create table api_tokens (
  id text primary key,                       -- tok_…
  token_hash text not null unique,
  person_id text not null references people(id),
  name text not null,
  scopes text[] not null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz
);

${auditSql}
-- What a worker says of itself: connectors and their state -------------------------------------------
create table connector_states (
  id text primary key,
  type text not null,
  title text not null,
  simulated boolean not null,
  verbs text[] not null,
  state text not null default 'unknown',     -- ok | failed | unknown
  detail text,
  checked_at timestamptz
);
`;
