ALTER TABLE "period_locks" ADD COLUMN "run_upto" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "periods" ADD COLUMN "calendar" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "volume_entries" ADD COLUMN "calendar" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "volume_heads" ADD COLUMN "calendar" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "periods" DROP CONSTRAINT "periods_company_id_plan_id_starts_at_unique";--> statement-breakpoint
ALTER TABLE "volume_heads" DROP CONSTRAINT "volume_heads_company_id_order_no_pk";--> statement-breakpoint
ALTER TABLE "volume_heads" ADD CONSTRAINT "volume_heads_company_id_order_no_calendar_pk" PRIMARY KEY("company_id","order_no","calendar");--> statement-breakpoint
ALTER TABLE "periods" ADD CONSTRAINT "periods_company_id_plan_id_calendar_starts_at_unique" UNIQUE("company_id","plan_id","calendar","starts_at");--> statement-breakpoint
-- Periods follow each other calendar by calendar.
create or replace function guard_period() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if exists (select from periods p where p.company_id = new.company_id and p.plan_id = new.plan_id and p.calendar = new.calendar
                and p.starts_at < new.ends_at and new.starts_at < p.ends_at) then
      raise exception 'period % overlaps another one of its plan and calendar', new.name using errcode = 'exclusion_violation';
    end if;
    return new;
  end if;
  if (old.state, new.state) not in (('open', 'closing'), ('closing', 'open'), ('closing', 'closed'))
    or to_jsonb(new) - 'state' <> to_jsonb(old) - 'state' then
    raise exception 'a period goes from open to closing, and from there to closed or back' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
