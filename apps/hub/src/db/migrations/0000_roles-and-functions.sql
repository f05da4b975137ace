-- What the tables need to stand on. Two roles besides the owner, who only migrates; the hub's logins are members of them:
--   upline_gate  the door: finds a store or an API key before the company is known, and writes the inbox.
--   upline_app   everything of one company: row-level security shows it the rows of `upline.company_id` only.
-- Roles belong to the whole cluster: another database of ours may have made them, also in this very moment.
do $$
begin
  if not exists (select from pg_roles where rolname = 'upline_app') then create role upline_app nologin; end if;
exception when duplicate_object or unique_violation then null;
end $$;
--> statement-breakpoint
do $$
begin
  if not exists (select from pg_roles where rolname = 'upline_gate') then create role upline_gate nologin; end if;
exception when duplicate_object or unique_violation then null;
end $$;
--> statement-breakpoint
create function current_company() returns integer language sql stable as
  $$ select nullif(current_setting('upline.company_id', true), '')::integer $$;
--> statement-breakpoint
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'table % is append-only: write a new row instead of a % of an old one', tg_table_name, lower(tg_op)
    using errcode = 'restrict_violation';
end $$;
