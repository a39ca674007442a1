// What people write about an approval; and the alerts that one suppression hid, found without reading all decisions.

export const commentsSql = `
create table approval_comments (
  id text primary key,                       -- cmt_…
  number bigserial,                          -- the order in which they were written
  approval_id text not null references approvals(id),
  person_id text not null,
  body text not null,
  channel text not null,
  at timestamptz not null
);
create index approval_comments_of on approval_comments (approval_id, number);
create index trigger_decisions_suppressed on trigger_decisions (suppression_id) where suppression_id is not null;
`;
