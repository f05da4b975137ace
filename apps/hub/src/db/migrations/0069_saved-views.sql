CREATE TABLE "saved_views" (
	"company_id" integer NOT NULL,
	"view_no" bigint GENERATED ALWAYS AS IDENTITY (sequence name "saved_views_view_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"page" text NOT NULL,
	"name" text NOT NULL,
	"person_id" text NOT NULL,
	"shared" boolean NOT NULL,
	"query" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "saved_views_company_id_view_no_pk" PRIMARY KEY("company_id","view_no"),
	CONSTRAINT "saved_views_name_check" CHECK ("saved_views"."name" <> ''),
	CONSTRAINT "saved_views_page_check" CHECK ("saved_views"."page" <> '')
);
--> statement-breakpoint
ALTER TABLE "saved_views" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "saved_views" ADD CONSTRAINT "saved_views_company_id_companies_company_id_fk" FOREIGN KEY ("company_id") REFERENCES "public"."companies"("company_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "saved_views_own_name" ON "saved_views" USING btree ("company_id","page","person_id","name") WHERE not "saved_views"."shared";--> statement-breakpoint
CREATE UNIQUE INDEX "saved_views_shared_name" ON "saved_views" USING btree ("company_id","page","name") WHERE "saved_views"."shared";--> statement-breakpoint
CREATE POLICY "own_company" ON "saved_views" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));