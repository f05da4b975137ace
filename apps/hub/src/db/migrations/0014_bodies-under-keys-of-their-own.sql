CREATE TABLE "body_keys" (
	"company_id" integer NOT NULL,
	"delivery_id" bigint NOT NULL,
	"salt" "bytea" NOT NULL,
	CONSTRAINT "body_keys_company_id_delivery_id_pk" PRIMARY KEY("company_id","delivery_id")
);
--> statement-breakpoint
ALTER TABLE "body_keys" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "inbox" ALTER COLUMN "body" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "inbox" ADD COLUMN "sealed" "bytea";--> statement-breakpoint
CREATE INDEX "inbox_unsealed" ON "inbox" USING btree ("delivery_id") WHERE "inbox"."body" is not null;--> statement-breakpoint
ALTER TABLE "inbox" ADD CONSTRAINT "inbox_one_body_check" CHECK (("inbox"."body" is null) <> ("inbox"."sealed" is null));--> statement-breakpoint
CREATE POLICY "own_company" ON "body_keys" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "any_company" ON "body_keys" AS PERMISSIVE FOR ALL TO "upline_gate" USING (true) WITH CHECK (true);