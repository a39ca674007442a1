// People among themselves: proof before an approval, chains of escalation, who has it, who stands in for whom, the account for emergencies.

export const peopleSql = `
alter table decisions
  add column proven_ago_ms float8,           -- before it the person had proven who they are; null: that is not known
  add column for_person_id text;             -- whom they stood in for

alter table approvals
  add column acked_by text,                  -- "I have it", once
  add column acked_at timestamptz,
  add column acked_until timestamptz;        -- nobody else is asked before it
create table escalations (
  approval_id text not null references approvals(id),
  step int not null,                         -- from 0, in the order of the playbook
  at timestamptz not null,                   -- from then on they are asked too
  addressed_to jsonb not null,
  told boolean not null default false,
  primary key (approval_id, step)
);
create index escalations_due on escalations (at) where not told;
insert into escalations (approval_id, step, at, addressed_to, told)
  select id, 0, coalesce(escalate_at, opened_at), escalate_to, escalate_at is null from approvals where escalate_to is not null;
alter table approvals drop column escalate_at, drop column escalate_to;

create table delegations (
  id text primary key,                       -- dlg_…
  person_id text not null references people(id),
  delegate_id text not null references people(id),
  from_at timestamptz not null,
  until_at timestamptz not null,
  out_of_office boolean not null default false,  -- reminders name the delegate instead
  reason text not null default '',
  made_at timestamptz not null default now(),
  ended_at timestamptz,                      -- taken back before its time
  check (until_at > from_at),
  check (delegate_id <> person_id)
);
create index delegations_of on delegations (delegate_id, until_at) where ended_at is null;
create index delegations_by on delegations (person_id, until_at) where ended_at is null;

create table break_glass_uses (
  id bigserial primary key,
  person_id text not null references people(id),
  at timestamptz not null,
  peer text not null,
  told boolean not null default false
);
create index break_glass_untold on break_glass_uses (id) where not told;
alter table people add column break_glass boolean not null default false;  -- each sign-in is told to every admin
`;

/** Addresses find people as their sign-in names do: no two people have the same. Until now nothing wrote any. */
export const addressesSql = `
create unique index people_email on people (lower(email)) where email is not null;
alter table people add column last_sign_in_at timestamptz;
`;

/** Under which names a person is contained: whoever has one of them decides nothing (contained.ts). */
export const containedSql = `
alter table steps add column entity_names text[];  -- of a person as the target: exact, lower case
alter table holds add column entity_names text[];
update holds set entity_names = array[lower(entity_id)] where entity like 'user:%';
create index holds_people on holds using gin (entity_names) where state in ('active', 'releasing', 'debt');
`;

/** Also of accounts that are free again: what was said before they were contained does not count. */
export const containedSinceSql = `
drop index holds_people;
create index holds_people on holds using gin (entity_names) where entity_names is not null;
`;

/** As whom a product knows us: policy forbids to act on that account, also while the product does not say it. */
export const accountsSql = `
alter table connector_states add column account text;  -- lower case
`;
