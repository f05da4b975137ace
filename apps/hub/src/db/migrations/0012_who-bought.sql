CREATE TABLE "order_buyers" (
	"company_id" integer NOT NULL,
	"buyer_hash" text NOT NULL,
	"placed_at" timestamp with time zone NOT NULL,
	"tie" text collate "C" NOT NULL,
	"order_no" bigint NOT NULL,
	"counts" boolean NOT NULL,
	CONSTRAINT "order_buyers_company_id_buyer_hash_placed_at_tie_pk" PRIMARY KEY("company_id","buyer_hash","placed_at","tie")
);
--> statement-breakpoint
ALTER TABLE "order_buyers" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "order_revisions" DROP CONSTRAINT "order_revisions_cause_check";--> statement-breakpoint
ALTER TABLE "distributor_buyers" ADD COLUMN "kind" text DEFAULT 'email' NOT NULL;--> statement-breakpoint
ALTER TABLE "distributor_buyers" ADD COLUMN "store_id" text;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "first_order" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "distributor_buyers_by_distributor" ON "distributor_buyers" USING btree ("company_id","distributor_no");--> statement-breakpoint
ALTER TABLE "distributor_buyers" ADD CONSTRAINT "distributor_buyers_kind_check" CHECK ("distributor_buyers"."kind" in ('email', 'customer', 'phone'));--> statement-breakpoint
ALTER TABLE "distributor_buyers" ADD CONSTRAINT "distributor_buyers_of_a_store" CHECK (("distributor_buyers"."kind" = 'customer') = ("distributor_buyers"."store_id" is not null));--> statement-breakpoint
ALTER TABLE "order_revisions" ADD CONSTRAINT "order_revisions_cause_check" CHECK ("order_revisions"."cause" in ('delivery', 'api', 'remap', 'reattribution', 'reconcile', 'buyer', 'first-order'));--> statement-breakpoint
CREATE POLICY "own_company" ON "order_buyers" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));