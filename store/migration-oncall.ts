// Who is on call by a product's schedule, as it said last.

export const onCallSql = `
create table oncall (
  rota text primary key,
  people text[] not null,                    -- addresses, lower case
  read_at timestamptz,                       -- null: never
  failing_since timestamptz,
  error text
);
`;
