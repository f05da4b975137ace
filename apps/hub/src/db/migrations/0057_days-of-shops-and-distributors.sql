CREATE TABLE "folded_distributor_days" (
	"company_id" integer NOT NULL,
	"amount" bigint NOT NULL,
	"distributor_no" integer NOT NULL,
	"day" date NOT NULL,
	"transfers" integer NOT NULL,
	"currency_no" smallint NOT NULL,
	"kind_no" smallint NOT NULL,
	CONSTRAINT "folded_distributor_days_pk" PRIMARY KEY("company_id","distributor_no","day","currency_no","kind_no")
);
--> statement-breakpoint
ALTER TABLE "folded_distributor_days" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "folded_store_days" (
	"company_id" integer NOT NULL,
	"store_id" text NOT NULL,
	"day" date NOT NULL,
	"currency_no" smallint NOT NULL,
	"kind_no" smallint NOT NULL,
	"transfers" bigint NOT NULL,
	"amount" bigint NOT NULL,
	CONSTRAINT "folded_store_days_pk" PRIMARY KEY("company_id","store_id","day","currency_no","kind_no")
);
--> statement-breakpoint
ALTER TABLE "folded_store_days" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY "own_company" ON "folded_distributor_days" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "folded_store_days" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint

-- Figures change in place: with room beside them.
alter table folded_store_days set (fillfactor = 50);--> statement-breakpoint
alter table folded_distributor_days set (fillfactor = 80);--> statement-breakpoint

grant select, insert, update (transfers, amount) on folded_store_days to upline_app;--> statement-breakpoint
grant select, insert, update (transfers, amount) on folded_distributor_days to upline_app;--> statement-breakpoint

-- What was folded before into the company's days alone.
insert into folded_store_days (company_id, store_id, day, currency_no, kind_no, transfers, amount)
select t.company_id, o.store_id, (t.effective_at at time zone 'UTC')::date, t.currency_no, t.kind_no, count(*), sum(t.amount)::bigint
  from transfer_rows t
  join ledger_folds f on f.company_id = t.company_id and t.transfer_id <= f.folded_to
  join orders o on o.company_id = t.company_id and o.order_no = t.source_no
 where t.source_kind = 1
 group by 1, 2, 3, 4, 5;--> statement-breakpoint
insert into folded_distributor_days (company_id, distributor_no, day, currency_no, kind_no, transfers, amount)
select t.company_id, t.distributor_no, (t.effective_at at time zone 'UTC')::date, t.currency_no, t.kind_no, count(*), sum(t.amount)::bigint
  from transfer_rows t
  join ledger_folds f on f.company_id = t.company_id and t.transfer_id <= f.folded_to
 where t.distributor_no > 0
 group by 1, 2, 3, 4, 5;
