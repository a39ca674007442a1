// The audit's part of the first migration: tables, and the function that appends to a chain. The bytes that are hashed are audit/chain.ts's.

export const auditSql = `-- Audit: one hash chain per stream (a run, or an administrative stream) -----------------------------
create table audit_events (
  stream text not null,                      -- run_… | admin | intake | …
  seq bigint not null,                       -- from 1
  at timestamptz not null,
  code text not null,                        -- effect.intent, effect.outcome, approval.granted, …
  actor text not null,
  body jsonb not null,                       -- chained: digests and facts, no personal data beyond ids
  personal jsonb,                            -- erasable; null: none, or erased
  personal_digest text,                      -- chained in its place
  prev text not null,                        -- hex sha256; 64 zeros for seq 1
  hash text not null,
  primary key (stream, seq)
);
create index audit_events_at on audit_events (at desc);
create table audit_heads (
  stream text primary key,
  seq bigint not null,
  hash text not null,
  changed_at timestamptz not null default now(),
  anchored_seq bigint not null default 0     -- a signed checkpoint holds the chain up to here; a hint for the checkpointer, never evidence
);
create index audit_heads_unanchored on audit_heads (stream) where anchored_seq < seq;
create table audit_checkpoints (
  id bigserial primary key,
  at timestamptz not null,
  heads jsonb not null,                      -- stream -> [seq, hash] that changed since the one before
  root text not null,                        -- Merkle root over these heads
  prev text not null unique,                 -- digest of the one before; 64 zeros for the first. Unique: two checkpointers cannot fork the chain
  digest text not null,                      -- over version, prev, at, root, number of heads; what is signed
  signature text not null
);
-- Appends to one stream's chain under its head's lock, in one round trip. p_events: [{at, code, actor, body, personal, digest}], all text, body
-- and personal as canonical JSON. Returns the last seq. The bytes that are hashed are audit/chain.ts's, version cordon-audit/1.
create function append_audit(p_stream text, p_events json) returns bigint language plpgsql as $$
declare
  head audit_heads%rowtype;
  event record;
  next_hash text;
begin
  select * into head from audit_heads where stream = p_stream for update;
  if not found then
    insert into audit_heads (stream, seq, hash) values (p_stream, 0, repeat('0', 64)) on conflict do nothing;
    select * into head from audit_heads where stream = p_stream for update;
  end if;
  for event in select * from json_to_recordset(p_events) as e (at text, code text, actor text, body text, personal text, digest text) loop
    head.seq := head.seq + 1;
    next_hash := encode(sha256(convert_to(concat_ws(chr(10), 'cordon-audit/1', p_stream, head.seq::text, head.hash, event.at, event.code,
      event.actor, coalesce(event.digest, '-'), event.body), 'UTF8')), 'hex');
    insert into audit_events (stream, seq, at, code, actor, body, personal, personal_digest, prev, hash)
    values (p_stream, head.seq, event.at::timestamptz, event.code, event.actor, event.body::jsonb, event.personal::jsonb, event.digest, head.hash, next_hash);
    head.hash := next_hash;
  end loop;
  update audit_heads set seq = head.seq, hash = head.hash, changed_at = now() where stream = p_stream;
  return head.seq;
end $$;
`;
