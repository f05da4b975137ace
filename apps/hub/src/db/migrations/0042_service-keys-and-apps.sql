CREATE TABLE "service_keys" (
	"service_key_no" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "service_keys_service_key_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"key_hash" "bytea" NOT NULL,
	"prefix" text NOT NULL,
	"name" text NOT NULL,
	"scopes" text[] NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "service_keys_key_hash_unique" UNIQUE("key_hash"),
	CONSTRAINT "service_keys_name_check" CHECK ("service_keys"."name" <> '')
);
--> statement-breakpoint
CREATE TABLE "service_log" (
	"log_no" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "service_log_log_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"actor" text NOT NULL,
	"act" text NOT NULL,
	"subject" text NOT NULL,
	"details" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "store_apps" (
	"company_id" integer NOT NULL,
	"store_id" text NOT NULL,
	"connected_at" timestamp with time zone DEFAULT now() NOT NULL,
	"uninstalled_at" timestamp with time zone,
	"key_no" integer,
	"currency" text NOT NULL,
	"time_zone" text NOT NULL,
	"hinted_at" timestamp with time zone,
	CONSTRAINT "store_apps_company_id_store_id_pk" PRIMARY KEY("company_id","store_id")
);
--> statement-breakpoint
ALTER TABLE "store_apps" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "told_evidence" (
	"company_id" integer NOT NULL,
	"evidence_no" bigint GENERATED ALWAYS AS IDENTITY (sequence name "told_evidence_evidence_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"store_id" text NOT NULL,
	"kind" text NOT NULL,
	"platform_order_id" text NOT NULL,
	"checkout_token" text NOT NULL,
	"code" text NOT NULL,
	"folded_code" text NOT NULL,
	"told_at" timestamp with time zone NOT NULL,
	"client_hash" text,
	"status" text NOT NULL,
	"decided_by" text,
	"decided_at" timestamp with time zone,
	"reason" text,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "told_evidence_company_id_evidence_no_pk" PRIMARY KEY("company_id","evidence_no"),
	CONSTRAINT "told_evidence_kind_check" CHECK ("told_evidence"."kind" in ('pixel', 'claim')),
	CONSTRAINT "told_evidence_status_check" CHECK ("told_evidence"."status" in ('kept', 'open', 'accepted', 'refused')),
	CONSTRAINT "told_evidence_code_check" CHECK ("told_evidence"."code" <> '')
);
--> statement-breakpoint
ALTER TABLE "told_evidence" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "store_apps" ADD CONSTRAINT "store_apps_store" FOREIGN KEY ("company_id","store_id") REFERENCES "public"."stores"("company_id","store_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "told_evidence" ADD CONSTRAINT "told_evidence_store" FOREIGN KEY ("company_id","store_id") REFERENCES "public"."stores"("company_id","store_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "told_evidence_once" ON "told_evidence" USING btree ("company_id","store_id","kind","platform_order_id","checkout_token","folded_code");--> statement-breakpoint
CREATE INDEX "told_evidence_open" ON "told_evidence" USING btree ("company_id","evidence_no") WHERE "told_evidence"."status" = 'open';--> statement-breakpoint
CREATE POLICY "own_company" ON "store_apps" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "any_company" ON "store_apps" AS PERMISSIVE FOR ALL TO "upline_gate" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "own_company" ON "told_evidence" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));