-- What came long ago goes: the one act that may delete from the inbox. The guard lets it through where it is done as the tables' owner
-- and says what it is doing, which the function below alone does for the hub's logins.
create function refuse_change_but_pruning() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and current_setting('upline.pruning', true) = 'yes'
     and current_user = (select pg_get_userbyid(relowner) from pg_class where oid = tg_relid) then
    return old;
  end if;
  raise exception 'table % is append-only: write a new row instead of a % of an old one', tg_table_name, lower(tg_op)
    using errcode = 'restrict_violation';
end $$;

drop trigger append_only on inbox;
create trigger append_only before update or delete on inbox for each row execute function refuse_change_but_pruning();

-- Deletes, of the next `most` groups of a company after one, those of which every delivery was processed `days` ago or earlier, is erased,
-- and is neither a dead letter nor a hint that its store was not asked about. Says how many deliveries went, and after which group to go
-- on; null: at the end of what is old enough.
create function prune_deliveries(company integer, after_group bigint, days integer, most integer, out go_on_after bigint, out pruned integer)
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  cutoff constant timestamptz := now() - make_interval(days => days);
  due_groups bigint[];
  due bigint[];
  looked integer;
  newest timestamptz;
begin
  if company is distinct from current_company() then
    raise exception 'this transaction is not of company %', company using errcode = 'insufficient_privilege';
  end if;
  if days < 1 or most < 1 then
    raise exception 'at least a day, and at least one group at once' using errcode = 'invalid_parameter_value';
  end if;
  with next as (
    select g.group_no, g.delivery_ids, g.salts from inbox_groups g
     where g.company_id = company and g.group_no > after_group order by g.group_no limit most),
  old as (
    select n.group_no, n.delivery_ids from next n
     where n.salts is null and not exists (
       select from unnest(n.delivery_ids) as w (delivery_id)
         left join inbox_outcomes o on o.delivery_id = w.delivery_id
        where o.outcome is null or o.outcome = 'dead' or o.processed_at >= cutoff
           or (o.outcome = 'hint' and o.detail like 'order %'
               and not exists (select from answered_hints a where a.delivery_id = w.delivery_id))))
  select (select array_agg(group_no) from old), (select array_agg(w.delivery_id) from old cross join unnest(delivery_ids) as w (delivery_id)),
         (select count(*) from next), (select max(group_no) from next)
    into due_groups, due, looked, go_on_after;
  -- Said here and not in the function's head: there only an administrator of the server could say it.
  perform set_config('upline.pruning', 'yes', true);
  delete from inbox i where i.company_id = company and i.delivery_id = any(due);
  get diagnostics pruned = row_count;
  delete from inbox_outcomes o where o.company_id = company and o.delivery_id = any(due);
  delete from inbox_retries r where r.company_id = company and r.delivery_id = any(due);
  delete from answered_hints a where a.company_id = company and a.delivery_id = any(due);
  delete from inbox_groups g where g.company_id = company and g.group_no = any(due_groups);
  perform set_config('upline.pruning', '', true);
  -- Groups are numbered as they came: where one is young, all behind it are.
  select received_at into newest from inbox i where i.delivery_id = go_on_after;
  if looked < most or newest >= cutoff then
    go_on_after := null;
  end if;
end $$;

revoke execute on function prune_deliveries from public;
grant execute on function prune_deliveries to upline_app;
