CREATE TABLE "plan_dates" (
	"company_id" integer NOT NULL,
	"date_no" bigint GENERATED ALWAYS AS IDENTITY (sequence name "plan_dates_date_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"plan_hash" text NOT NULL,
	"effective_from" timestamp with time zone,
	"actor" text NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "plan_dates_company_id_plan_hash_date_no_pk" PRIMARY KEY("company_id","plan_hash","date_no"),
	CONSTRAINT "plan_dates_actor_check" CHECK ("plan_dates"."actor" <> '')
);
--> statement-breakpoint
ALTER TABLE "plan_dates" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "plan_dates" ADD CONSTRAINT "plan_dates_plan" FOREIGN KEY ("company_id","plan_hash") REFERENCES "public"."plans"("company_id","plan_hash") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE POLICY "own_company" ON "plan_dates" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));