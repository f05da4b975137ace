-- Guards and grants as every append-only table of a company has them.

do $$
declare name text;
begin
  foreach name in array array['run_result_pages', 'run_bonus_pages', 'run_pair_pages', 'run_carry_pages'] loop
    execute format('create trigger append_only before update or delete on %I for each row execute function refuse_change()', name);
    execute format('create trigger append_only_truncate before truncate on %I for each statement execute function refuse_change()', name);
    execute format('grant select, insert on %I to upline_app', name);
  end loop;
end $$;
--> statement-breakpoint
-- What was kept row by row moves into pages, in the order of distributors' numbers.

insert into run_result_pages (company_id, run_no, page, distributor_no, active, pv, own_volume, gv, personal_group_volume, retail_volume,
  active_legs, qualified_rank, rank, title, grace_used)
select company_id, run_no, distributor_no / 1000, array_agg(distributor_no), array_agg(active::int::smallint), array_agg(pv), array_agg(own_volume),
       array_agg(gv), array_agg(personal_group_volume), array_agg(retail_volume), array_agg(active_legs), array_agg(qualified_rank),
       array_agg(rank), array_agg(title), array_agg(grace_used)
  from (select * from run_results order by company_id, run_no, distributor_no) r
 group by company_id, run_no, distributor_no / 1000;
--> statement-breakpoint
insert into run_bonus_pages (company_id, run_no, page, bonus_id, distributor_no, before_caps, amount)
select company_id, run_no, distributor_no / 1000, bonus_id, array_agg(distributor_no), array_agg(before_caps), array_agg(amount)
  from (select * from run_bonuses order by company_id, run_no, bonus_id, distributor_no) b
 group by company_id, run_no, distributor_no / 1000, bonus_id;
--> statement-breakpoint
insert into run_pair_pages (company_id, run_no, page, bonus_id, distributor_no, left_volume, right_volume, matched, used_left, used_right)
select company_id, run_no, distributor_no / 1000, bonus_id, array_agg(distributor_no), array_agg(left_volume), array_agg(right_volume),
       array_agg(matched), array_agg(used_left), array_agg(used_right)
  from (select * from run_pairs order by company_id, run_no, bonus_id, distributor_no) p
 group by company_id, run_no, distributor_no / 1000, bonus_id;
--> statement-breakpoint
insert into run_carry_pages (company_id, run_no, page, bonus_id, kind, age, distributor_no, amount)
select company_id, run_no, distributor_no / 1000, bonus_id, kind, age, array_agg(distributor_no), array_agg(amount)
  from (select * from run_carry order by company_id, run_no, bonus_id, kind, age, distributor_no) c
 group by company_id, run_no, distributor_no / 1000, bonus_id, kind, age;
--> statement-breakpoint
-- Nothing of it may be lost on the way.

do $$
begin
  if (select count(*) from run_results) <> (select coalesce(sum(cardinality(distributor_no)), 0) from run_result_pages)
    or (select count(*) from run_bonuses) <> (select coalesce(sum(cardinality(distributor_no)), 0) from run_bonus_pages)
    or (select coalesce(sum(amount), 0) from run_bonuses)
      <> (select coalesce(sum(a.minor), 0) from run_bonus_pages p, lateral unnest(p.amount) as a (minor))
    or (select count(*) from run_pairs) <> (select coalesce(sum(cardinality(distributor_no)), 0) from run_pair_pages)
    or (select count(*) from run_carry) <> (select coalesce(sum(cardinality(distributor_no)), 0) from run_carry_pages) then
    raise exception 'the results of closes did not all come over into pages: nothing was changed';
  end if;
end $$;
