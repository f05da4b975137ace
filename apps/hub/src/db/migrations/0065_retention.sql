CREATE TABLE "retention_settings" (
	"company_id" integer NOT NULL,
	"body_days" integer,
	"delivery_days" integer,
	"click_days" integer,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "retention_settings_company_id_pk" PRIMARY KEY("company_id"),
	CONSTRAINT "retention_settings_body_days_check" CHECK ("retention_settings"."body_days" = 0 or "retention_settings"."body_days" between 7 and 3650),
	CONSTRAINT "retention_settings_delivery_days_check" CHECK ("retention_settings"."delivery_days" = 0 or "retention_settings"."delivery_days" between 30 and 3650),
	CONSTRAINT "retention_settings_click_days_check" CHECK ("retention_settings"."click_days" = 0 or "retention_settings"."click_days" between 30 and 3650)
);
--> statement-breakpoint
ALTER TABLE "retention_settings" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "retention_settings" ADD CONSTRAINT "retention_settings_company_id_companies_company_id_fk" FOREIGN KEY ("company_id") REFERENCES "public"."companies"("company_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE POLICY "own_company" ON "retention_settings" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));