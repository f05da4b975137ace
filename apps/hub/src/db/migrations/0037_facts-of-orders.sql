CREATE TABLE "run_measure_pages" (
	"company_id" integer NOT NULL,
	"run_no" bigint NOT NULL,
	"page" integer NOT NULL,
	"measure" text NOT NULL,
	"kind" text NOT NULL,
	"distributor_no" integer[] NOT NULL,
	"amount" bigint[] NOT NULL,
	CONSTRAINT "run_measure_pages_company_id_run_no_measure_page_pk" PRIMARY KEY("company_id","run_no","measure","page"),
	CONSTRAINT "run_measure_pages_even_columns" CHECK (cardinality("run_measure_pages"."amount") = cardinality("run_measure_pages"."distributor_no")),
	CONSTRAINT "run_measure_pages_kind_check" CHECK ("run_measure_pages"."kind" in ('alone', 'sum'))
);
--> statement-breakpoint
ALTER TABLE "run_measure_pages" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "judgements" (
	"company_id" integer NOT NULL,
	"judgement_no" bigint GENERATED ALWAYS AS IDENTITY (sequence name "judgements_judgement_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"distributor_no" integer NOT NULL,
	"found" text NOT NULL,
	"valid_from" timestamp with time zone NOT NULL,
	"version" bigint NOT NULL,
	CONSTRAINT "judgements_company_id_judgement_no_pk" PRIMARY KEY("company_id","judgement_no")
);
--> statement-breakpoint
ALTER TABLE "judgements" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "locked_country_pages" (
	"company_id" integer NOT NULL,
	"lock_no" bigint NOT NULL,
	"page" integer NOT NULL,
	"distributor_no" integer[] NOT NULL,
	"country" text[] NOT NULL,
	CONSTRAINT "locked_country_pages_company_id_lock_no_page_pk" PRIMARY KEY("company_id","lock_no","page"),
	CONSTRAINT "locked_country_pages_even_columns" CHECK (cardinality("locked_country_pages"."country") = cardinality("locked_country_pages"."distributor_no"))
);
--> statement-breakpoint
ALTER TABLE "locked_country_pages" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "volume_entries" ADD COLUMN "subscription" boolean;--> statement-breakpoint
ALTER TABLE "volume_entries" ADD COLUMN "first_order" boolean;--> statement-breakpoint
ALTER TABLE "volume_entries" ADD COLUMN "buyer" text;--> statement-breakpoint
ALTER TABLE "volume_entries" ADD COLUMN "items" bigint;--> statement-breakpoint
ALTER TABLE "locked_country_pages" ADD CONSTRAINT "locked_country_pages_lock" FOREIGN KEY ("company_id","lock_no") REFERENCES "public"."period_locks"("company_id","lock_no") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "judgements_by_version" ON "judgements" USING btree ("company_id","version");--> statement-breakpoint
CREATE INDEX "judgements_by_distributor" ON "judgements" USING btree ("company_id","distributor_no","valid_from");--> statement-breakpoint
ALTER TABLE "volume_entries" ADD CONSTRAINT "volume_entries_facts_check" CHECK (num_nulls("volume_entries"."subscription", "volume_entries"."first_order", "volume_entries"."buyer", "volume_entries"."items") in (0, 4));--> statement-breakpoint
CREATE POLICY "own_company" ON "run_measure_pages" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "judgements" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "locked_country_pages" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));