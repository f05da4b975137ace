-- Pages of results row by row, for lists and for whoever looks by SQL.

create view run_results with (security_invoker = true) as
  select p.company_id, p.run_no, p.page, r.distributor_no, r.active = 1 as active, r.pv, r.own_volume, r.gv, r.personal_group_volume,
         r.retail_volume, r.active_legs, r.qualified_rank, r.rank, r.title, r.grace_used
    from run_result_pages p,
         lateral unnest(p.distributor_no, p.active, p.pv, p.own_volume, p.gv, p.personal_group_volume, p.retail_volume, p.active_legs,
           p.qualified_rank, p.rank, p.title, p.grace_used)
           as r (distributor_no, active, pv, own_volume, gv, personal_group_volume, retail_volume, active_legs, qualified_rank, rank, title, grace_used);
--> statement-breakpoint
create view run_bonuses with (security_invoker = true) as
  select p.company_id, p.run_no, p.page, p.bonus_id, b.distributor_no, b.before_caps, b.amount
    from run_bonus_pages p, lateral unnest(p.distributor_no, p.before_caps, p.amount) as b (distributor_no, before_caps, amount);
--> statement-breakpoint
create view run_pairs with (security_invoker = true) as
  select p.company_id, p.run_no, p.page, p.bonus_id, s.distributor_no, s.left_volume, s.right_volume, s.matched, s.used_left, s.used_right
    from run_pair_pages p,
         lateral unnest(p.distributor_no, p.left_volume, p.right_volume, p.matched, p.used_left, p.used_right)
           as s (distributor_no, left_volume, right_volume, matched, used_left, used_right);
--> statement-breakpoint
create view run_carry with (security_invoker = true) as
  select p.company_id, p.run_no, p.page, p.bonus_id, p.kind, p.age, c.distributor_no, c.amount
    from run_carry_pages p, lateral unnest(p.distributor_no, p.amount) as c (distributor_no, amount);
--> statement-breakpoint
grant select on run_results, run_bonuses, run_pairs, run_carry to upline_app;
