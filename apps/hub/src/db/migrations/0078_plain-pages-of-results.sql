-- PostgreSQL packed every page of a close's results: two fifths of its time of writing them, to save a tenth of what a close takes on
-- disk. Pages are whole numbers of a thousand people, and are unpacked each time that somebody is looked up in one.
alter table run_result_pages
  alter column distributor_no set storage external,
  alter column active set storage external,
  alter column pv set storage external,
  alter column own_volume set storage external,
  alter column gv set storage external,
  alter column personal_group_volume set storage external,
  alter column retail_volume set storage external,
  alter column active_legs set storage external,
  alter column qualified_rank set storage external,
  alter column rank set storage external,
  alter column title set storage external,
  alter column grace_used set storage external;
--> statement-breakpoint
alter table run_bonus_pages
  alter column distributor_no set storage external,
  alter column before_caps set storage external,
  alter column amount set storage external;
--> statement-breakpoint
alter table run_pair_pages
  alter column distributor_no set storage external,
  alter column left_volume set storage external,
  alter column right_volume set storage external,
  alter column matched set storage external,
  alter column used_left set storage external,
  alter column used_right set storage external;
--> statement-breakpoint
alter table run_carry_pages
  alter column distributor_no set storage external,
  alter column amount set storage external;
--> statement-breakpoint
alter table run_measure_pages
  alter column distributor_no set storage external,
  alter column amount set storage external;
--> statement-breakpoint
alter table run_pay_pages
  alter column distributor_no set storage external,
  alter column amount set storage external;
