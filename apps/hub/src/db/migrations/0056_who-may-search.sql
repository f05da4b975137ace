-- Under row-level security no index finds by LIKE, which might tell something of rows that are not the company's. So these look as the
-- tables' owner, and at the rows of the transaction's company only, whatever they are asked.
create function found_by_beginning(typed text, folded text, names boolean, most integer)
  returns table (kind text, id text, title text, detail text)
  language plpgsql stable security definer set search_path = pg_catalog, public set enable_seqscan = off as $f$
begin
  -- Executed, so that the pattern is known when the plan is made.
  return query execute $$
  (select 'order', order_no::text, order_name, platform || ' ' || stage from orders
    where company_id = current_company() and order_name like $1 order by order_name using ~<~ limit $4)
  union all
  -- People leave out the sign that shops put before an order's number.
  (select 'order', order_no::text, order_name, platform || ' ' || stage from orders
    where company_id = current_company() and order_name like '#' || $1 order by order_name using ~<~ limit $4)
  union all
  (select 'distributor', distributor_id, distributor_id, case when $3 then name else '' end from distributors
    where company_id = current_company() and distributor_id like $1 order by distributor_id using ~<~ limit $4)
  union all
  (select 'code', d.distributor_id, c.code, case when $3 then d.name else '' end
     from (select * from referral_codes where company_id = current_company() and folded_code like $2 order by folded_code using ~<~ limit $4) c
     join distributors d on d.company_id = c.company_id and d.distributor_no = c.distributor_no)
  $$ using typed, folded, names, most;
end $f$;
--> statement-breakpoint
create function found_by_part(part text, names boolean, most integer)
  returns table (kind text, id text, title text, detail text)
  language plpgsql stable security definer set search_path = pg_catalog, public set enable_seqscan = off as $f$
begin
  return query execute $$
  (select 'distributor', distributor_id, distributor_id, name from distributors
    where $2 and company_id = current_company() and lower(name || ' ' || distributor_id) like $1 limit $3)
  union all
  (select 'code', d.distributor_id, c.code, case when $2 then d.name else '' end
     from (select * from referral_codes where company_id = current_company() and folded_code like $1 limit $3) c
     join distributors d on d.company_id = c.company_id and d.distributor_no = c.distributor_no)
  union all
  (select distinct 'sku', sku_id, sku_id, name from sku_map
    where company_id = current_company() and lower(sku_id || ' ' || platform_sku || ' ' || name) like $1 limit $3)
  $$ using part, names, most;
end $f$;
--> statement-breakpoint
revoke execute on function found_by_beginning(text, text, boolean, integer), found_by_part(text, boolean, integer) from public;
grant execute on function found_by_beginning(text, text, boolean, integer), found_by_part(text, boolean, integer) to upline_app;
