CREATE TABLE "folded_distributor_net_sales" (
	"company_id" integer NOT NULL,
	"amount" bigint NOT NULL,
	"distributor_no" integer NOT NULL,
	"day" date NOT NULL,
	"currency" text NOT NULL,
	CONSTRAINT "folded_distributor_net_sales_pk" PRIMARY KEY("company_id","distributor_no","day","currency"),
	CONSTRAINT "folded_distributor_net_sales_distributor_no_check" CHECK ("folded_distributor_net_sales"."distributor_no" > 0)
);
--> statement-breakpoint
ALTER TABLE "folded_distributor_net_sales" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "folded_store_net_sales" (
	"company_id" integer NOT NULL,
	"store_id" text NOT NULL,
	"day" date NOT NULL,
	"currency" text NOT NULL,
	"amount" bigint NOT NULL,
	CONSTRAINT "folded_store_net_sales_pk" PRIMARY KEY("company_id","day","store_id","currency")
);
--> statement-breakpoint
ALTER TABLE "folded_store_net_sales" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "net_sales_changes" (
	"company_id" integer NOT NULL,
	"change_no" bigint GENERATED ALWAYS AS IDENTITY (sequence name "net_sales_changes_change_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"store_id" text NOT NULL,
	"currency" text NOT NULL,
	"distributor_nos" integer[] NOT NULL,
	"days" date[] NOT NULL,
	"amounts" bigint[] NOT NULL,
	CONSTRAINT "net_sales_changes_company_id_change_no_pk" PRIMARY KEY("company_id","change_no")
);
--> statement-breakpoint
ALTER TABLE "net_sales_changes" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY "own_company" ON "folded_distributor_net_sales" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "folded_store_net_sales" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "net_sales_changes" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint

-- Figures change in place: with room beside them.
alter table folded_store_net_sales set (fillfactor = 50);--> statement-breakpoint
alter table folded_distributor_net_sales set (fillfactor = 80);--> statement-breakpoint

grant select, insert, delete on net_sales_changes to upline_app;--> statement-breakpoint
grant select, insert, update (amount) on folded_store_net_sales to upline_app;--> statement-breakpoint
grant select, insert, update (amount) on folded_distributor_net_sales to upline_app;--> statement-breakpoint

-- What an order counts for now, less what it counted for before: whatever changes it, and in whichever version of the hub.
-- Not by joining the rows of before to those of now: of a statement that touches a whole store nobody knows how many there are.
create function note_net_sales() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into net_sales_changes (company_id, store_id, currency, distributor_nos, days, amounts)
    select company_id, store_id, currency, array_agg(coalesce(distributor_no, 0)), array_agg((placed_at at time zone 'UTC')::date),
           array_agg(net_minor - refunded_net_minor)
      from now_rows where stage = 'earned' and net_minor <> refunded_net_minor
     group by company_id, store_id, currency;
  elsif tg_op = 'UPDATE' then
    insert into net_sales_changes (company_id, store_id, currency, distributor_nos, days, amounts)
    select company_id, store_id, currency, array_agg(distributor_no), array_agg(day), array_agg(amount)
      from (select company_id, store_id, currency, coalesce(distributor_no, 0) as distributor_no,
                   (placed_at at time zone 'UTC')::date as day, sum(amount)::bigint as amount
              from (select company_id, store_id, currency, distributor_no, placed_at, net_minor - refunded_net_minor as amount
                      from now_rows where stage = 'earned'
                    union all
                    select company_id, store_id, currency, distributor_no, placed_at, refunded_net_minor - net_minor
                      from before_rows where stage = 'earned') both_rows
             group by 1, 2, 3, 4, 5
            having sum(amount) <> 0) changed
     group by company_id, store_id, currency;
  else
    insert into net_sales_changes (company_id, store_id, currency, distributor_nos, days, amounts)
    select company_id, store_id, currency, array_agg(coalesce(distributor_no, 0)), array_agg((placed_at at time zone 'UTC')::date),
           array_agg(refunded_net_minor - net_minor)
      from before_rows where stage = 'earned' and net_minor <> refunded_net_minor
     group by company_id, store_id, currency;
  end if;
  return null;
end $$;--> statement-breakpoint
create trigger net_sales_of_new after insert on orders referencing new table as now_rows
  for each statement execute function note_net_sales();--> statement-breakpoint
create trigger net_sales_of_changed after update on orders referencing old table as before_rows new table as now_rows
  for each statement execute function note_net_sales();--> statement-breakpoint
create trigger net_sales_of_gone after delete on orders referencing old table as before_rows
  for each statement execute function note_net_sales();--> statement-breakpoint

-- What was sold before. No order is written meanwhile: the triggers' own lock keeps others off the table until all of it is committed.
insert into folded_store_net_sales (company_id, store_id, day, currency, amount)
select company_id, store_id, (placed_at at time zone 'UTC')::date, currency, sum(net_minor - refunded_net_minor)::bigint
  from orders where stage = 'earned'
 group by 1, 2, 3, 4;--> statement-breakpoint
insert into folded_distributor_net_sales (company_id, distributor_no, day, currency, amount)
select company_id, distributor_no, (placed_at at time zone 'UTC')::date, currency, sum(net_minor - refunded_net_minor)::bigint
  from orders where stage = 'earned' and distributor_no is not null
 group by 1, 2, 3, 4;
