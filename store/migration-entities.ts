// The inventory by source: each entry of each source, and the one entity that it belongs to. The table before it was never filled.

export const entitiesSql = `
drop table entities;
create table entities (
  source text not null,                      -- file | import:<name> | connector:<id>
  id text not null,                          -- kind:name, lower case
  entity text not null,                      -- key of the one real thing: what locks, limits and the ledger count
  conflict text,                             -- why its names cannot be told from another's; null: they can
  kind text not null,
  name text not null,
  aliases text[] not null default '{}',
  tags text[] not null default '{}',
  groups text[] not null default '{}',
  owner text,
  criticality text,                          -- low | medium | high | critical
  depends_on text[] not null default '{}',
  primary key (source, id)
);
create index entities_entity on entities (entity);
`;
