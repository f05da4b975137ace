CREATE TABLE "run_changes" (
	"company_id" integer NOT NULL,
	"run_no" bigint NOT NULL,
	"changes" jsonb NOT NULL,
	CONSTRAINT "run_changes_company_id_run_no_pk" PRIMARY KEY("company_id","run_no")
);
--> statement-breakpoint
ALTER TABLE "run_changes" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "run_pay_pages" (
	"company_id" integer NOT NULL,
	"run_no" bigint NOT NULL,
	"page" integer NOT NULL,
	"distributor_no" integer[] NOT NULL,
	"amount" bigint[] NOT NULL,
	CONSTRAINT "run_pay_pages_company_id_run_no_page_pk" PRIMARY KEY("company_id","run_no","page"),
	CONSTRAINT "run_pay_pages_even_columns" CHECK (cardinality("run_pay_pages"."amount") = cardinality("run_pay_pages"."distributor_no"))
);
--> statement-breakpoint
ALTER TABLE "run_pay_pages" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY "own_company" ON "run_changes" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "run_pay_pages" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
-- Guards and grants as every append-only table of a company has them; what runs would pay is forgotten with the next one.
create trigger append_only before update or delete on run_changes for each row execute function refuse_change();--> statement-breakpoint
create trigger append_only_truncate before truncate on run_changes for each statement execute function refuse_change();--> statement-breakpoint
grant select, insert on run_changes to upline_app;--> statement-breakpoint
grant select, insert, delete on run_pay_pages to upline_app;
