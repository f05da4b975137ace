CREATE TABLE "counted_sales" (
	"company_id" integer NOT NULL,
	"sponsor_no" integer NOT NULL,
	"plan_id" text NOT NULL,
	"commission_class" text NOT NULL,
	"placed_at" timestamp with time zone NOT NULL,
	"tie" text collate "C" NOT NULL,
	"order_no" bigint NOT NULL,
	"counts" boolean NOT NULL,
	"number" integer NOT NULL,
	CONSTRAINT "counted_sales_pk" PRIMARY KEY("company_id","sponsor_no","plan_id","commission_class","placed_at","tie"),
	CONSTRAINT "counted_sales_number_check" CHECK ("counted_sales"."number" > 0)
);
--> statement-breakpoint
ALTER TABLE "counted_sales" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY "own_company" ON "counted_sales" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));