// The second migration: limits. One row for each that was ever asked about; it holds nothing but its lock and when people were told.

export const limitSql = `
create table limits (
  name text primary key,
  told_at timestamptz                        -- people are told at most every five minutes
);
create index steps_begun on steps (intent_at) where intent_at is not null and generation = 0;

-- Effects begun within each window, counted up to the limit. An undo has another generation; an intent that was withdrawn has no intent_at.
-- p_limits: [{name, at_most, within_ms, verbs?, risks?, connectors?, kinds?, tags?, criticality?}]. With p_lock the limits' rows stay locked, in their
-- names' order, until the transaction ends: each statement here sees what the one who had the lock before has committed.
create function limit_places(p_run text, p_key text, p_limits json, p_lock boolean) returns json language plpgsql as $$
declare
  wanted record;
  places jsonb := '{}';
begin
  if p_lock then
    insert into limits (name) select l->>'name' from json_array_elements(p_limits) l
      where not exists (select 1 from limits where name = l->>'name') order by 1 on conflict do nothing;
    perform 1 from limits where name in (select l->>'name' from json_array_elements(p_limits) l) order by name for update;
  end if;
  for wanted in select * from json_to_recordset(p_limits) as l (name text, at_most int, within_ms float8, verbs text[], risks text[],
      connectors text[], kinds text[], tags text[], criticality text[]) loop
    places := places || jsonb_build_object(wanted.name, (select count(*) from (
      select 1 from steps s
      where s.generation = 0 and s.intent_at > clock_timestamp() - wanted.within_ms * interval '1 millisecond'
        and not (s.run_id = p_run and s.key = p_key)
        and (wanted.verbs is null or s.verb = any(wanted.verbs))
        and (wanted.risks is null or s.risk = any(wanted.risks))
        and (wanted.connectors is null or s.connector = any(wanted.connectors))
        and (wanted.kinds is null or split_part(s.entity, ':', 1) = any(wanted.kinds))
        and (wanted.tags is null or s.decision #> '{facts,tags}' ?| wanted.tags)
        and (wanted.criticality is null or s.decision #>> '{facts,criticality}' = any(wanted.criticality))
      limit wanted.at_most) begun));
  end loop;
  return places;
end $$;
`;
