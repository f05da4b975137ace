-- The hub's logins own no table, and so may not analyze any. This does it as the owner, of the tables alone that nobody has looked at
-- since they were filled: never, or when they had less than half of their pages. What somebody else is at is left to them.
create function analyze_filled() returns integer
  language plpgsql security definer set search_path = pg_catalog, public as $f$
declare
  filled record;
  analyzed integer := 0;
begin
  for filled in
    select c.oid::regclass as name from pg_class c
     cross join lateral (select pg_relation_size(c.oid) / current_setting('block_size')::integer as pages) size
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
       and (c.reltuples < 0 and size.pages >= 4 or size.pages >= 64 and size.pages > 2 * c.relpages)
     order by c.relname
  loop
    execute format('analyze (skip_locked) %s', filled.name);
    analyzed := analyzed + 1;
  end loop;
  return analyzed;
end $f$;
--> statement-breakpoint
revoke execute on function analyze_filled() from public;
grant execute on function analyze_filled() to upline_app;
