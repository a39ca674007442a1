// What people are woken for: pages, whom each has yet to reach, and when each of them was last told about an incident.

export const pagesSql = `
create table pages (
  id text primary key,                       -- pag_…
  key text unique,                           -- the same trouble is the same page; null: so old that it may be a new one
  code text not null,
  message text not null,
  critical boolean not null,
  run_id text,
  incident_id text,
  state text not null default 'open',        -- open | acknowledged | resolved
  told_state text not null default 'open',   -- as pagers have been told
  created_at timestamptz not null,
  changed_at timestamptz,
  changed_by text
);
create index pages_open on pages (created_at) where state <> 'resolved';
create index pages_untold on pages (id) where state <> told_state;
create table page_recipients (
  page_id text not null references pages(id) on delete cascade,
  connector text not null,
  recipient text not null,
  told_by text,                              -- subject of the message that tells it: the page's own, or a digest's
  primary key (page_id, connector, recipient)
);
create index page_recipients_waiting on page_recipients (page_id) where told_by is null;
create table page_windows (
  connector text not null,
  recipient text not null,
  incident_id text not null,                 -- '': about none
  opened_at timestamptz,
  primary key (connector, recipient, incident_id)
);
-- What a product refused, and will again until somebody mends it there.
alter table messages add column refused boolean not null default false;
`;
