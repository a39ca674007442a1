// Messages to people, each a row until it is known what became of it.

export const messagesSql = `
create table messages (
  id bigint generated always as identity primary key,
  connector text not null,
  recipient text not null,                   -- as the product names it
  about text not null,                       -- approval | page | reply
  subject text not null,                     -- the approval, the page, the click
  part text not null,                        -- asked | reminder:… | escalation:… | outcome | page | digest | reply
  content jsonb,                             -- words that are not made from the store when it is sent; gone once they are sent
  state text not null default 'owed',        -- owed | sent | unclear | undeliverable | dropped
  begun_at timestamptz,                      -- an attempt was begun, and nobody has said yet how it ended
  place jsonb,                               -- where it stands, in the product's own terms
  shown text,                                -- sha256 of what it shows
  settled boolean not null default false,    -- nothing that it shows will change any more
  attempts int not null default 0,
  failing_since timestamptz,
  next_at timestamptz not null default now(),
  claimed_by text,
  claimed_until timestamptz,
  error text,
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  unique (connector, recipient, about, subject, part)
);
create index messages_due on messages (next_at, id) where state = 'owed';
create index messages_live on messages (next_at, id) where state = 'sent' and not settled;
create index messages_subject on messages (about, subject);
`;
