CREATE TABLE "inbox_groups" (
	"company_id" integer NOT NULL,
	"group_no" bigint NOT NULL,
	"delivery_ids" bigint[] NOT NULL,
	"salts" "bytea",
	CONSTRAINT "inbox_groups_company_id_group_no_pk" PRIMARY KEY("company_id","group_no")
);
--> statement-breakpoint
ALTER TABLE "inbox_groups" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "inbox" ADD COLUMN "group_no" bigint;--> statement-breakpoint
CREATE INDEX "inbox_groups_readable" ON "inbox_groups" USING btree ("company_id","group_no") WHERE "inbox_groups"."salts" is not null;--> statement-breakpoint
CREATE POLICY "own_company" ON "inbox_groups" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "any_company" ON "inbox_groups" AS PERMISSIVE FOR ALL TO "upline_gate" USING (true) WITH CHECK (true);