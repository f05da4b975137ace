CREATE TABLE "referral_clicks" (
	"company_id" integer NOT NULL,
	"day" date NOT NULL,
	"folded_code" text NOT NULL,
	"link_no" bigint NOT NULL,
	"distributor_no" integer NOT NULL,
	"clicks" integer NOT NULL,
	"visitors" integer NOT NULL,
	"bots" integer NOT NULL,
	CONSTRAINT "referral_clicks_company_id_day_folded_code_link_no_pk" PRIMARY KEY("company_id","day","folded_code","link_no")
);
--> statement-breakpoint
ALTER TABLE "referral_clicks" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "referral_links" (
	"company_id" integer NOT NULL,
	"link_no" bigint GENERATED ALWAYS AS IDENTITY (sequence name "referral_links_link_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"folded_name" text NOT NULL,
	"distributor_no" integer NOT NULL,
	"code" text NOT NULL,
	"store_id" text,
	"path" text DEFAULT '/' NOT NULL,
	"tags" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"expires_at" timestamp with time zone,
	"made_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "referral_links_company_id_link_no_pk" PRIMARY KEY("company_id","link_no"),
	CONSTRAINT "referral_links_folded_name_check" CHECK ("referral_links"."folded_name" <> '')
);
--> statement-breakpoint
ALTER TABLE "referral_links" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "referral_visitors" (
	"company_id" integer NOT NULL,
	"day" date NOT NULL,
	"folded_code" text NOT NULL,
	"link_no" bigint NOT NULL,
	"visitor_hash" text NOT NULL,
	CONSTRAINT "referral_visitors_company_id_day_folded_code_link_no_visitor_hash_pk" PRIMARY KEY("company_id","day","folded_code","link_no","visitor_hash")
);
--> statement-breakpoint
ALTER TABLE "referral_visitors" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "referral_clicks" ADD CONSTRAINT "referral_clicks_company_id_companies_company_id_fk" FOREIGN KEY ("company_id") REFERENCES "public"."companies"("company_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "referral_links" ADD CONSTRAINT "referral_links_company_id_companies_company_id_fk" FOREIGN KEY ("company_id") REFERENCES "public"."companies"("company_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "referral_links" ADD CONSTRAINT "referral_links_distributor" FOREIGN KEY ("company_id","distributor_no") REFERENCES "public"."distributors"("company_id","distributor_no") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "referral_clicks_by_distributor" ON "referral_clicks" USING btree ("company_id","distributor_no","day");--> statement-breakpoint
CREATE UNIQUE INDEX "referral_links_by_name" ON "referral_links" USING btree ("company_id","folded_name") WHERE "referral_links"."revoked_at" is null;--> statement-breakpoint
CREATE INDEX "referral_links_by_distributor" ON "referral_links" USING btree ("company_id","distributor_no","link_no");--> statement-breakpoint
CREATE INDEX "orders_unresolved" ON "orders" USING btree ("company_id") WHERE "orders"."unresolved";--> statement-breakpoint
CREATE INDEX "periods_closing" ON "periods" USING btree ("company_id") WHERE "periods"."state" = 'closing';--> statement-breakpoint
CREATE POLICY "own_company" ON "referral_clicks" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "referral_links" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "referral_visitors" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));