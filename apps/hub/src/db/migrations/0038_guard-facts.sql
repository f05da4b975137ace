-- Guards and grants as every append-only table of a company has them.

do $$
declare name text;
begin
  foreach name in array array['run_measure_pages', 'locked_country_pages', 'judgements'] loop
    execute format('create trigger append_only before update or delete on %I for each row execute function refuse_change()', name);
    execute format('create trigger append_only_truncate before truncate on %I for each statement execute function refuse_change()', name);
    execute format('grant select, insert on %I to upline_app', name);
  end loop;
end $$;
