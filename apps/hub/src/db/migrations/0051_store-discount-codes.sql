CREATE TABLE "store_discount_codes" (
	"company_id" integer NOT NULL,
	"store_id" text NOT NULL,
	"folded_code" text NOT NULL,
	"discount_id" text NOT NULL,
	"added_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "store_discount_codes_company_id_store_id_folded_code_pk" PRIMARY KEY("company_id","store_id","folded_code")
);
--> statement-breakpoint
ALTER TABLE "store_discount_codes" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "store_discount_codes" ADD CONSTRAINT "store_discount_codes_store" FOREIGN KEY ("company_id","store_id") REFERENCES "public"."stores"("company_id","store_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE POLICY "own_company" ON "store_discount_codes" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
-- Codes are only ever added.
grant select, insert on store_discount_codes to upline_app;
