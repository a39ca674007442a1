// Questions with a form, playbooks that start by the clock, versions, and plans in the order in which they were written.

export const forms = `
alter table approvals add column asked jsonb;         -- a question's form or rows as they are shown; null: choices
`;

export const planOrder = `
-- Inputs and fields in the order in which they were written: that is how people are asked for them.
alter table playbook_versions alter column plan type json using plan::json;
`;

export const versionsSql = `
-- A draft is a version that was never in force. Who put a version in force need not be who wrote it.
alter table playbook_versions add column published_by text;
alter table playbook_versions add column written_at timestamptz not null default now();
`;

export const schedulesSql = `
-- Schedules: what is in Temporal for each schedule trigger of a published playbook, and each time that it came round.
create table schedules (
  id text primary key,                       -- <playbook>/<index of its trigger>
  playbook text not null,
  spec text not null,                        -- sha256 of the trigger; with another one Temporal's is changed
  paused_by text,                            -- id of a person
  seen_at timestamptz,                       -- when Temporal was last seen to have it
  since timestamptz not null default now(),  -- starts before it are nobody's
  fault text                                 -- why Temporal did not take it
);
create table schedule_ticks (
  schedule_id text not null,
  at timestamptz not null,                   -- when it should start
  state text not null default 'due',         -- due | started | skipped | buffered | missed
  reason text,
  run_id text,
  taken_at timestamptz not null default now(),
  primary key (schedule_id, at)
);
create index schedule_ticks_open on schedule_ticks (schedule_id) where state in ('due', 'buffered');
`;
