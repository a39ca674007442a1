// Identities at other products that stand for one of our people, and the links by which people bind them.

export const identitiesSql = `
create table identities (
  id text primary key,                       -- idn_…
  provider text not null,                    -- slack
  realm text not null,                       -- the workspace
  external_id text not null,
  external_name text not null,               -- as it was when it was bound
  person_id text not null references people(id),
  bound_at timestamptz not null,
  unique (provider, realm, external_id)
);
create table identity_links (
  token_hash text primary key,               -- sha256 of 256 random bits
  provider text not null,
  realm text not null,
  external_id text not null,
  external_name text not null,
  external_email text,                       -- as the product knows it, where it tells
  expires_at timestamptz not null,
  used_at timestamptz
);
-- Signed posts that were taken once already.
create table clicks (
  id text primary key,                       -- sha256 of connector, timestamp and signature
  at timestamptz not null
);
create index clicks_at on clicks (at);
`;
