CREATE TABLE "shopify_app"."deliveries" (
	"delivery_no" bigserial PRIMARY KEY NOT NULL,
	"shop" text NOT NULL,
	"topic" text NOT NULL,
	"webhook_id" text NOT NULL,
	"triggered_at" timestamp with time zone,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL,
	"outcome" text NOT NULL,
	"address" text,
	"body" jsonb,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp with time zone DEFAULT now() NOT NULL,
	"said" text,
	CONSTRAINT "deliveries_once" UNIQUE("shop","topic","webhook_id")
);
--> statement-breakpoint
CREATE TABLE "shopify_app"."sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"shop" text NOT NULL,
	"state" text NOT NULL,
	"is_online" boolean DEFAULT false NOT NULL,
	"scope" text,
	"expires" timestamp with time zone,
	"access_token" text NOT NULL,
	"user_id" bigint,
	"first_name" text,
	"last_name" text,
	"email" text,
	"account_owner" boolean,
	"locale" text,
	"collaborator" boolean,
	"email_verified" boolean,
	"refresh_token" text,
	"refresh_token_expires" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "shopify_app"."shops" (
	"shop" text PRIMARY KEY NOT NULL,
	"installed_at" timestamp with time zone NOT NULL,
	"proven_at" timestamp with time zone NOT NULL,
	"uninstalled_at" timestamp with time zone,
	"refused_at" timestamp with time zone,
	"shop_id" text,
	"name" text,
	"currency" text,
	"time_zone" text,
	"store_id" text,
	"company_slug" text,
	"company_name" text,
	"hub_key" "bytea",
	"connected_at" timestamp with time zone,
	"discount_id" text,
	"pixel_id" text
);
--> statement-breakpoint
CREATE INDEX "deliveries_waiting" ON "shopify_app"."deliveries" USING btree ("next_attempt_at") WHERE "shopify_app"."deliveries"."outcome" = 'waiting';--> statement-breakpoint
CREATE INDEX "deliveries_by_shop" ON "shopify_app"."deliveries" USING btree ("shop","delivery_no");--> statement-breakpoint
CREATE INDEX "sessions_by_shop" ON "shopify_app"."sessions" USING btree ("shop");