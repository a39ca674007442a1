// What sources said is over, while the runs about it were still open.

export const resolutionsSql = `
create table resolutions (
  run_id text primary key references runs(id) on delete cascade,
  action text not null check (action in ('undo', 'ask')),
  reason text not null,
  at timestamptz not null default clock_timestamp(),
  answered text[] not null default '{}'      -- holds that were undone, or that people were asked about, because of it
);
`;
