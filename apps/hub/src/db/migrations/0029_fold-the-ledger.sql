CREATE TABLE "folded_balances" (
	"company_id" integer NOT NULL,
	"owner_no" integer NOT NULL,
	"account" smallint NOT NULL,
	"currency_no" smallint NOT NULL,
	"balance" bigint NOT NULL,
	CONSTRAINT "folded_balances_company_id_owner_no_account_currency_no_pk" PRIMARY KEY("company_id","owner_no","account","currency_no")
);
--> statement-breakpoint
ALTER TABLE "folded_balances" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "folded_days" (
	"company_id" integer NOT NULL,
	"day" date NOT NULL,
	"currency_no" smallint NOT NULL,
	"kind_no" smallint NOT NULL,
	"transfers" bigint NOT NULL,
	"amount" bigint NOT NULL,
	CONSTRAINT "folded_days_company_id_day_currency_no_kind_no_pk" PRIMARY KEY("company_id","day","currency_no","kind_no")
);
--> statement-breakpoint
ALTER TABLE "folded_days" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "ledger_folds" (
	"company_id" integer NOT NULL,
	"folded_to" bigint DEFAULT 0 NOT NULL,
	"marked_to" bigint DEFAULT 0 NOT NULL,
	"marked_xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	CONSTRAINT "ledger_folds_company_id_pk" PRIMARY KEY("company_id")
);
--> statement-breakpoint
ALTER TABLE "ledger_folds" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY "own_company" ON "folded_balances" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "folded_days" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "ledger_folds" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint

-- A row's id is younger than its transaction's: what `ledger_folds` says of ids and transactions rests on it.
create function take_transaction_id() returns trigger language plpgsql as $$
begin
  perform pg_current_xact_id();
  return null;
end $$;--> statement-breakpoint
create trigger transaction_first before insert on transfer_rows for each statement execute function take_transaction_id();--> statement-breakpoint

-- Balances change in place: with room beside them, and no index on what changes.
alter table folded_balances set (fillfactor = 70);--> statement-breakpoint
alter table folded_days set (fillfactor = 50);--> statement-breakpoint

grant select, insert, update (folded_to, marked_to, marked_xid) on ledger_folds to upline_app;--> statement-breakpoint
grant select, insert, update (balance) on folded_balances to upline_app;--> statement-breakpoint
grant select, insert, update (transfers, amount) on folded_days to upline_app;--> statement-breakpoint
grant select on sequence transfer_rows_transfer_id_seq to upline_app;
