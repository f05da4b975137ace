CREATE TABLE "company_branding" (
	"company_id" integer NOT NULL,
	"shown_name" text,
	"accent" text,
	"support" text,
	"logo" "bytea",
	"logo_type" text,
	"logo_hash" text,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "company_branding_company_id_pk" PRIMARY KEY("company_id"),
	CONSTRAINT "company_branding_shown_name_check" CHECK ("company_branding"."shown_name" <> ''),
	CONSTRAINT "company_branding_accent_check" CHECK ("company_branding"."accent" ~ '^#[0-9a-f]{6}$'),
	CONSTRAINT "company_branding_logo_type_check" CHECK ("company_branding"."logo_type" in ('image/png', 'image/webp')),
	CONSTRAINT "company_branding_logo_check" CHECK (("company_branding"."logo" is null) = ("company_branding"."logo_type" is null) and ("company_branding"."logo" is null) = ("company_branding"."logo_hash" is null) and octet_length("company_branding"."logo") <= 204800)
);
--> statement-breakpoint
ALTER TABLE "company_branding" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "company_branding" ADD CONSTRAINT "company_branding_company_id_companies_company_id_fk" FOREIGN KEY ("company_id") REFERENCES "public"."companies"("company_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE POLICY "own_company" ON "company_branding" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));