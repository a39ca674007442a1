// The table of events that are posted to runs (run-events.ts).
export const runEventsSql = `
-- What people and programs post to a run, for its waits -------------------------------------------------
create table run_events (
  id bigint generated always as identity primary key,
  run_id text not null references runs(id),
  name text not null,
  body jsonb,
  posted_by text not null,                   -- id of a person
  posted_at timestamptz not null default now(),
  used_by text                               -- key of the step that waited for it
);
create index run_events_of on run_events (run_id, name);
`;
