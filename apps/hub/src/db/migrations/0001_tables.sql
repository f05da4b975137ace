CREATE SEQUENCE "public"."close_run_numbers" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE SEQUENCE "public"."order_numbers" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE TABLE "sku_map" (
	"company_id" integer NOT NULL,
	"mapping_no" bigint GENERATED ALWAYS AS IDENTITY (sequence name "sku_map_mapping_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"sku_id" text NOT NULL,
	"platform" text NOT NULL,
	"platform_sku" text DEFAULT '' NOT NULL,
	"variant_id" text,
	"name" text NOT NULL,
	"category" text DEFAULT '' NOT NULL,
	"commission_class" text NOT NULL,
	"pv" text NOT NULL,
	"qv" text NOT NULL,
	"cv" text NOT NULL,
	"retail_margin" text,
	"valid_from" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sku_map_company_id_mapping_no_pk" PRIMARY KEY("company_id","mapping_no"),
	CONSTRAINT "sku_map_sku_id_check" CHECK ("sku_map"."sku_id" <> ''),
	CONSTRAINT "sku_map_platform_check" CHECK ("sku_map"."platform" in ('shopify', 'woocommerce', 'magento')),
	CONSTRAINT "sku_map_commission_class_check" CHECK ("sku_map"."commission_class" <> ''),
	CONSTRAINT "sku_map_check" CHECK ("sku_map"."platform_sku" <> '' or "sku_map"."variant_id" is not null)
);
--> statement-breakpoint
ALTER TABLE "sku_map" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "close_runs" (
	"company_id" integer NOT NULL,
	"run_no" bigint NOT NULL,
	"period_no" integer NOT NULL,
	"kind" text NOT NULL,
	"cause" text NOT NULL,
	"lock_no" bigint,
	"proposal" bigint,
	"supersedes" bigint,
	"plan_hash" text NOT NULL,
	"input_hash" text NOT NULL,
	"output_hash" text NOT NULL,
	"carry_hash" text NOT NULL,
	"totals" jsonb NOT NULL,
	"actor" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "close_runs_company_id_run_no_pk" PRIMARY KEY("company_id","run_no"),
	CONSTRAINT "close_runs_kind_check" CHECK ("close_runs"."kind" in ('trial', 'proposed', 'committed')),
	CONSTRAINT "close_runs_cause_check" CHECK ("close_runs"."cause" in ('close', 'rerun', 'refund')),
	CONSTRAINT "close_runs_input_hash_check" CHECK ("close_runs"."input_hash" ~ '^[0-9a-f]{64}$'),
	CONSTRAINT "close_runs_output_hash_check" CHECK ("close_runs"."output_hash" ~ '^[0-9a-f]{64}$'),
	CONSTRAINT "close_runs_carry_hash_check" CHECK ("close_runs"."carry_hash" ~ '^[0-9a-f]{64}$'),
	CONSTRAINT "close_runs_lock_check" CHECK (("close_runs"."kind" = 'trial') = ("close_runs"."lock_no" is null)),
	CONSTRAINT "close_runs_committed_check" CHECK (("close_runs"."kind" = 'committed') = ("close_runs"."proposal" is not null)),
	CONSTRAINT "close_runs_supersedes_check" CHECK ("close_runs"."supersedes" is null or "close_runs"."kind" = 'committed')
);
--> statement-breakpoint
ALTER TABLE "close_runs" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "run_bonuses" (
	"company_id" integer NOT NULL,
	"run_no" bigint NOT NULL,
	"bonus_id" text NOT NULL,
	"distributor_no" integer NOT NULL,
	"before_caps" bigint NOT NULL,
	"amount" bigint NOT NULL,
	CONSTRAINT "run_bonuses_company_id_run_no_distributor_no_bonus_id_pk" PRIMARY KEY("company_id","run_no","distributor_no","bonus_id")
);
--> statement-breakpoint
ALTER TABLE "run_bonuses" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "run_carry" (
	"company_id" integer NOT NULL,
	"run_no" bigint NOT NULL,
	"bonus_id" text NOT NULL,
	"kind" text NOT NULL,
	"age" smallint NOT NULL,
	"distributor_no" integer NOT NULL,
	"amount" bigint NOT NULL,
	CONSTRAINT "run_carry_company_id_run_no_bonus_id_kind_age_distributor_no_pk" PRIMARY KEY("company_id","run_no","bonus_id","kind","age","distributor_no"),
	CONSTRAINT "run_carry_kind_check" CHECK ("run_carry"."kind" in ('left', 'right', 'pool', 'completed'))
);
--> statement-breakpoint
ALTER TABLE "run_carry" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "run_pairs" (
	"company_id" integer NOT NULL,
	"run_no" bigint NOT NULL,
	"bonus_id" text NOT NULL,
	"distributor_no" integer NOT NULL,
	"left_volume" bigint NOT NULL,
	"right_volume" bigint NOT NULL,
	"matched" bigint NOT NULL,
	"used_left" bigint NOT NULL,
	"used_right" bigint NOT NULL,
	CONSTRAINT "run_pairs_company_id_run_no_bonus_id_distributor_no_pk" PRIMARY KEY("company_id","run_no","bonus_id","distributor_no")
);
--> statement-breakpoint
ALTER TABLE "run_pairs" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "run_results" (
	"company_id" integer NOT NULL,
	"run_no" bigint NOT NULL,
	"distributor_no" integer NOT NULL,
	"active" boolean NOT NULL,
	"pv" bigint NOT NULL,
	"own_volume" bigint NOT NULL,
	"gv" bigint NOT NULL,
	"personal_group_volume" bigint NOT NULL,
	"retail_volume" bigint NOT NULL,
	"active_legs" integer NOT NULL,
	"qualified_rank" smallint NOT NULL,
	"rank" smallint NOT NULL,
	"title" smallint NOT NULL,
	"grace_used" smallint NOT NULL,
	CONSTRAINT "run_results_company_id_run_no_distributor_no_pk" PRIMARY KEY("company_id","run_no","distributor_no")
);
--> statement-breakpoint
ALTER TABLE "run_results" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "api_keys" (
	"company_id" integer NOT NULL,
	"key_no" integer GENERATED ALWAYS AS IDENTITY (sequence name "api_keys_key_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"key_hash" "bytea" NOT NULL,
	"prefix" text NOT NULL,
	"name" text NOT NULL,
	"scopes" text[] NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "api_keys_company_id_key_no_pk" PRIMARY KEY("company_id","key_no"),
	CONSTRAINT "api_keys_key_hash_unique" UNIQUE("key_hash")
);
--> statement-breakpoint
ALTER TABLE "api_keys" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "audit_log" (
	"company_id" integer NOT NULL,
	"audit_no" bigint GENERATED ALWAYS AS IDENTITY (sequence name "audit_log_audit_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"actor" text NOT NULL,
	"act" text NOT NULL,
	"subject" text NOT NULL,
	"details" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "audit_log_company_id_audit_no_pk" PRIMARY KEY("company_id","audit_no")
);
--> statement-breakpoint
ALTER TABLE "audit_log" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "companies" (
	"company_id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "companies_company_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"directory_version" bigint DEFAULT 1 NOT NULL,
	"evidence_order" text[],
	"buyer_key" "bytea" NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "companies_slug_unique" UNIQUE("slug"),
	CONSTRAINT "companies_slug_check" CHECK ("companies"."slug" ~ '^[a-z0-9][a-z0-9-]{1,62}$'),
	CONSTRAINT "companies_name_check" CHECK ("companies"."name" <> '')
);
--> statement-breakpoint
ALTER TABLE "companies" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "inbox" (
	"company_id" integer NOT NULL,
	"delivery_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "inbox_delivery_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"store_id" text NOT NULL,
	"topic" text NOT NULL,
	"platform_delivery_id" text,
	"encoding" text DEFAULT 'utf8' NOT NULL,
	"body" text NOT NULL,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "inbox_encoding_check" CHECK ("inbox"."encoding" in ('utf8', 'base64'))
);
--> statement-breakpoint
ALTER TABLE "inbox" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "inbox_floor" (
	"only_row" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"delivery_id" bigint NOT NULL,
	CONSTRAINT "inbox_floor_only_row_check" CHECK ("inbox_floor"."only_row")
);
--> statement-breakpoint
CREATE TABLE "inbox_outcomes" (
	"company_id" integer NOT NULL,
	"delivery_id" bigint PRIMARY KEY NOT NULL,
	"outcome" text NOT NULL,
	"order_no" bigint,
	"detail" text,
	"processed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "inbox_outcomes_outcome_check" CHECK ("inbox_outcomes"."outcome" in ('applied', 'duplicate', 'outdated', 'hint', 'ignored', 'shop', 'dead'))
);
--> statement-breakpoint
ALTER TABLE "inbox_outcomes" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "inbox_retries" (
	"company_id" integer NOT NULL,
	"delivery_id" bigint PRIMARY KEY NOT NULL,
	"attempts" integer NOT NULL,
	"next_attempt_at" timestamp with time zone NOT NULL,
	"error" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "inbox_retries" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "transfers" (
	"company_id" integer NOT NULL,
	"source_kind" smallint NOT NULL,
	"source_no" bigint NOT NULL,
	"revision" integer NOT NULL,
	"seq" smallint NOT NULL,
	"transfer_id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "transfers_transfer_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"entry_key" text NOT NULL,
	"distributor_no" integer NOT NULL,
	"debit_owner" integer NOT NULL,
	"debit_account" smallint NOT NULL,
	"credit_owner" integer NOT NULL,
	"credit_account" smallint NOT NULL,
	"amount" bigint NOT NULL,
	"currency" char(3) NOT NULL,
	"effective_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	"recorded_xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	CONSTRAINT "transfers_company_id_source_kind_source_no_revision_seq_pk" PRIMARY KEY("company_id","source_kind","source_no","revision","seq"),
	CONSTRAINT "transfers_kind_check" CHECK ("transfers"."kind" in ('commission', 'clawback', 'breakage', 'breakage-clawback')),
	CONSTRAINT "transfers_amount_check" CHECK ("transfers"."amount" > 0),
	CONSTRAINT "transfers_check" CHECK ("transfers"."debit_owner" <> "transfers"."credit_owner" or "transfers"."debit_account" <> "transfers"."credit_account")
);
--> statement-breakpoint
ALTER TABLE "transfers" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "distributor_buyers" (
	"company_id" integer NOT NULL,
	"buyer_hash" text NOT NULL,
	"distributor_no" integer NOT NULL,
	"version" bigint NOT NULL,
	CONSTRAINT "distributor_buyers_company_id_buyer_hash_pk" PRIMARY KEY("company_id","buyer_hash")
);
--> statement-breakpoint
ALTER TABLE "distributor_buyers" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "distributors" (
	"company_id" integer NOT NULL,
	"distributor_no" integer NOT NULL,
	"distributor_id" text NOT NULL,
	"name" text DEFAULT '' NOT NULL,
	"country" text,
	"tax_id_ciphertext" "bytea",
	"enrolled_at" timestamp with time zone NOT NULL,
	"version" bigint NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "distributors_company_id_distributor_no_pk" PRIMARY KEY("company_id","distributor_no"),
	CONSTRAINT "distributors_company_id_distributor_id_unique" UNIQUE("company_id","distributor_id"),
	CONSTRAINT "distributors_distributor_no_check" CHECK ("distributors"."distributor_no" > 0),
	CONSTRAINT "distributors_distributor_id_check" CHECK ("distributors"."distributor_id" <> ''),
	CONSTRAINT "distributors_country_check" CHECK ("distributors"."country" ~ '^[A-Z]{2}$')
);
--> statement-breakpoint
ALTER TABLE "distributors" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "placement_edges" (
	"company_id" integer NOT NULL,
	"edge_no" bigint GENERATED ALWAYS AS IDENTITY (sequence name "placement_edges_edge_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"tree" text NOT NULL,
	"distributor_no" integer NOT NULL,
	"parent_no" integer NOT NULL,
	"leg" smallint NOT NULL,
	"valid_from" timestamp with time zone NOT NULL,
	"version" bigint NOT NULL,
	"actor" text NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "placement_edges_company_id_edge_no_pk" PRIMARY KEY("company_id","edge_no"),
	CONSTRAINT "placement_edges_parent_no_check" CHECK ("placement_edges"."parent_no" <> "placement_edges"."distributor_no"),
	CONSTRAINT "placement_edges_leg_check" CHECK ("placement_edges"."leg" >= 0)
);
--> statement-breakpoint
ALTER TABLE "placement_edges" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "placement_trees" (
	"company_id" integer NOT NULL,
	"tree" text NOT NULL,
	"width" smallint NOT NULL,
	"depth" smallint,
	"spillover" text NOT NULL,
	"window_days" integer NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "placement_trees_company_id_tree_pk" PRIMARY KEY("company_id","tree"),
	CONSTRAINT "placement_trees_tree_check" CHECK ("placement_trees"."tree" ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
	CONSTRAINT "placement_trees_width_check" CHECK ("placement_trees"."width" between 2 and 100),
	CONSTRAINT "placement_trees_depth_check" CHECK ("placement_trees"."depth" between 1 and 100),
	CONSTRAINT "placement_trees_spillover_check" CHECK ("placement_trees"."spillover" in ('breadth-first', 'depth-first', 'fewest-children', 'leftmost', 'rightmost')),
	CONSTRAINT "placement_trees_window_days_check" CHECK ("placement_trees"."window_days" between 0 and 366)
);
--> statement-breakpoint
ALTER TABLE "placement_trees" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "referral_codes" (
	"company_id" integer NOT NULL,
	"folded_code" text NOT NULL,
	"code" text NOT NULL,
	"distributor_no" integer NOT NULL,
	"version" bigint NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "referral_codes_company_id_folded_code_pk" PRIMARY KEY("company_id","folded_code"),
	CONSTRAINT "referral_codes_folded_code_check" CHECK ("referral_codes"."folded_code" <> '')
);
--> statement-breakpoint
ALTER TABLE "referral_codes" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "sponsor_edges" (
	"company_id" integer NOT NULL,
	"edge_no" bigint GENERATED ALWAYS AS IDENTITY (sequence name "sponsor_edges_edge_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"distributor_no" integer NOT NULL,
	"sponsor_no" integer DEFAULT 0 NOT NULL,
	"valid_from" timestamp with time zone NOT NULL,
	"version" bigint NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sponsor_edges_company_id_edge_no_pk" PRIMARY KEY("company_id","edge_no"),
	CONSTRAINT "sponsor_edges_sponsor_no_check" CHECK ("sponsor_edges"."sponsor_no" <> "sponsor_edges"."distributor_no")
);
--> statement-breakpoint
ALTER TABLE "sponsor_edges" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "standings" (
	"company_id" integer NOT NULL,
	"standing_no" bigint GENERATED ALWAYS AS IDENTITY (sequence name "standings_standing_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"distributor_no" integer NOT NULL,
	"status" text NOT NULL,
	"rank" text,
	"period_pv" bigint,
	"valid_from" timestamp with time zone NOT NULL,
	"version" bigint NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "standings_company_id_standing_no_pk" PRIMARY KEY("company_id","standing_no"),
	CONSTRAINT "standings_status_check" CHECK ("standings"."status" in ('active', 'inactive', 'suspended', 'terminated'))
);
--> statement-breakpoint
ALTER TABLE "standings" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "order_facts" (
	"company_id" integer NOT NULL,
	"store_id" text NOT NULL,
	"platform_order_id" text NOT NULL,
	"fact_key" text NOT NULL,
	"standalone" boolean NOT NULL,
	"fact" text NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "order_facts_company_id_store_id_platform_order_id_fact_key_pk" PRIMARY KEY("company_id","store_id","platform_order_id","fact_key")
);
--> statement-breakpoint
ALTER TABLE "order_facts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "order_revisions" (
	"company_id" integer NOT NULL,
	"order_no" bigint NOT NULL,
	"revision" integer NOT NULL,
	"delivery_id" bigint,
	"cause" text NOT NULL,
	"snapshot" text NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "order_revisions_company_id_order_no_revision_pk" PRIMARY KEY("company_id","order_no","revision"),
	CONSTRAINT "order_revisions_cause_check" CHECK ("order_revisions"."cause" in ('delivery', 'api', 'remap', 'reattribution', 'reconcile'))
);
--> statement-breakpoint
ALTER TABLE "order_revisions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "orders" (
	"company_id" integer NOT NULL,
	"order_no" bigint NOT NULL,
	"store_id" text NOT NULL,
	"platform" text NOT NULL,
	"platform_order_id" text NOT NULL,
	"order_name" text NOT NULL,
	"revision" integer NOT NULL,
	"revision_at" timestamp with time zone NOT NULL,
	"revision_tie" text NOT NULL,
	"state_hash" text NOT NULL,
	"stage" text NOT NULL,
	"platform_status" text NOT NULL,
	"placed_at" timestamp with time zone NOT NULL,
	"currency" text NOT NULL,
	"total_minor" bigint NOT NULL,
	"net_minor" bigint NOT NULL,
	"refunded_net_minor" bigint NOT NULL,
	"distributor_no" integer,
	"unresolved" boolean DEFAULT false NOT NULL,
	"self_purchase" boolean DEFAULT false NOT NULL,
	"referral_code" text,
	"buyer_hash" text,
	"quarantined_lines" integer DEFAULT 0 NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "orders_company_id_order_no_pk" PRIMARY KEY("company_id","order_no"),
	CONSTRAINT "orders_company_id_store_id_platform_order_id_unique" UNIQUE("company_id","store_id","platform_order_id"),
	CONSTRAINT "orders_stage_check" CHECK ("orders"."stage" in ('pending', 'earned', 'void')),
	CONSTRAINT "orders_currency_check" CHECK ("orders"."currency" ~ '^[A-Z]{3}$')
);
--> statement-breakpoint
ALTER TABLE "orders" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "quarantine" (
	"company_id" integer NOT NULL,
	"order_no" bigint NOT NULL,
	"line_id" text NOT NULL,
	"platform" text NOT NULL,
	"variant_id" text,
	"sku" text,
	"name" text NOT NULL,
	"net_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "quarantine_company_id_order_no_line_id_pk" PRIMARY KEY("company_id","order_no","line_id")
);
--> statement-breakpoint
ALTER TABLE "quarantine" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "period_earnings" (
	"company_id" integer NOT NULL,
	"lock_no" bigint NOT NULL,
	"bonus_id" text NOT NULL,
	"distributor_no" integer NOT NULL,
	"amount" bigint NOT NULL,
	CONSTRAINT "period_earnings_company_id_lock_no_bonus_id_distributor_no_pk" PRIMARY KEY("company_id","lock_no","bonus_id","distributor_no")
);
--> statement-breakpoint
ALTER TABLE "period_earnings" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "period_locks" (
	"company_id" integer NOT NULL,
	"lock_no" bigint GENERATED ALWAYS AS IDENTITY (sequence name "period_locks_lock_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"period_no" integer NOT NULL,
	"plan_hash" text NOT NULL,
	"volume_upto" bigint NOT NULL,
	"directory_version" bigint NOT NULL,
	"distributors" integer NOT NULL,
	"directive_upto" bigint NOT NULL,
	"after_run" bigint,
	"actor" text NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "period_locks_company_id_lock_no_pk" PRIMARY KEY("company_id","lock_no")
);
--> statement-breakpoint
ALTER TABLE "period_locks" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "periods" (
	"company_id" integer NOT NULL,
	"period_no" integer NOT NULL,
	"plan_id" text NOT NULL,
	"name" text NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"time_zone" text NOT NULL,
	"currency" char(3) NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"opened_by" text NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "periods_company_id_period_no_pk" PRIMARY KEY("company_id","period_no"),
	CONSTRAINT "periods_company_id_plan_id_starts_at_unique" UNIQUE("company_id","plan_id","starts_at"),
	CONSTRAINT "periods_company_id_plan_id_name_unique" UNIQUE("company_id","plan_id","name"),
	CONSTRAINT "periods_period_no_check" CHECK ("periods"."period_no" > 0),
	CONSTRAINT "periods_name_check" CHECK ("periods"."name" <> ''),
	CONSTRAINT "periods_ends_at_check" CHECK ("periods"."ends_at" > "periods"."starts_at"),
	CONSTRAINT "periods_currency_check" CHECK ("periods"."currency" ~ '^[A-Z]{3}$'),
	CONSTRAINT "periods_state_check" CHECK ("periods"."state" in ('open', 'closing', 'closed'))
);
--> statement-breakpoint
ALTER TABLE "periods" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "rank_directives" (
	"company_id" integer NOT NULL,
	"directive_no" bigint GENERATED ALWAYS AS IDENTITY (sequence name "rank_directives_directive_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"distributor_no" integer NOT NULL,
	"kind" text NOT NULL,
	"rank" text,
	"valid_from" timestamp with time zone NOT NULL,
	"valid_until" timestamp with time zone NOT NULL,
	"reason" text NOT NULL,
	"actor" text NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "rank_directives_company_id_directive_no_pk" PRIMARY KEY("company_id","directive_no"),
	CONSTRAINT "rank_directives_kind_check" CHECK ("rank_directives"."kind" in ('override', 'constraint')),
	CONSTRAINT "rank_directives_reason_check" CHECK ("rank_directives"."reason" <> '')
);
--> statement-breakpoint
ALTER TABLE "rank_directives" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "volume_entries" (
	"company_id" integer NOT NULL,
	"entry_no" bigint GENERATED ALWAYS AS IDENTITY (sequence name "volume_entries_entry_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"period_no" integer,
	"kind" text NOT NULL,
	"order_no" bigint,
	"revision" integer,
	"distributor_no" integer NOT NULL,
	"commission_class" text NOT NULL,
	"market" text NOT NULL,
	"self_purchase" boolean NOT NULL,
	"fast_start" boolean NOT NULL,
	"currency" char(3) NOT NULL,
	"pv" bigint NOT NULL,
	"qv" bigint NOT NULL,
	"cv" bigint NOT NULL,
	"net_minor" bigint NOT NULL,
	"effective_at" timestamp with time zone NOT NULL,
	"actor" text,
	"reason" text,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "volume_entries_company_id_entry_no_pk" PRIMARY KEY("company_id","entry_no"),
	CONSTRAINT "volume_entries_kind_check" CHECK ("volume_entries"."kind" in ('order', 'late', 'shadow', 'written-off', 'adjustment')),
	CONSTRAINT "volume_entries_period_check" CHECK (("volume_entries"."period_no" is null) = ("volume_entries"."kind" = 'written-off')),
	CONSTRAINT "volume_entries_order_check" CHECK (("volume_entries"."order_no" is null) = ("volume_entries"."kind" = 'adjustment')),
	CONSTRAINT "volume_entries_adjustment_check" CHECK ("volume_entries"."kind" <> 'adjustment' or ("volume_entries"."actor" is not null and "volume_entries"."reason" is not null))
);
--> statement-breakpoint
ALTER TABLE "volume_entries" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "volume_heads" (
	"company_id" integer NOT NULL,
	"order_no" bigint NOT NULL,
	"revision" integer NOT NULL,
	CONSTRAINT "volume_heads_company_id_order_no_pk" PRIMARY KEY("company_id","order_no")
);
--> statement-breakpoint
ALTER TABLE "volume_heads" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "plans" (
	"company_id" integer NOT NULL,
	"plan_hash" text NOT NULL,
	"plan_id" text NOT NULL,
	"version" integer NOT NULL,
	"document" jsonb NOT NULL,
	"effective_from" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "plans_company_id_plan_hash_pk" PRIMARY KEY("company_id","plan_hash"),
	CONSTRAINT "plans_company_id_plan_id_version_unique" UNIQUE("company_id","plan_id","version"),
	CONSTRAINT "plans_plan_hash_check" CHECK ("plans"."plan_hash" ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
ALTER TABLE "plans" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "connection_codes" (
	"company_id" integer NOT NULL,
	"code_hash" "bytea" PRIMARY KEY NOT NULL,
	"made_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	"store_id" text
);
--> statement-breakpoint
ALTER TABLE "connection_codes" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "store_access" (
	"company_id" integer NOT NULL,
	"store_id" text NOT NULL,
	"url" text NOT NULL,
	"plugin_since" timestamp with time zone,
	"versions" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"rest_key_ciphertext" "bytea",
	"rest_since" timestamp with time zone,
	"wants_webhooks" boolean DEFAULT true NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "store_access_company_id_store_id_pk" PRIMARY KEY("company_id","store_id"),
	CONSTRAINT "store_access_url_check" CHECK ("store_access"."url" ~ '^https?://')
);
--> statement-breakpoint
ALTER TABLE "store_access" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "store_grants" (
	"company_id" integer NOT NULL,
	"store_id" text NOT NULL,
	"state_hash" "bytea" PRIMARY KEY NOT NULL,
	"asked_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "store_grants" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "store_secrets" (
	"company_id" integer NOT NULL,
	"store_id" text NOT NULL,
	"secret_no" integer GENERATED ALWAYS AS IDENTITY (sequence name "store_secrets_secret_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"ciphertext" "bytea" NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "store_secrets_company_id_store_id_secret_no_pk" PRIMARY KEY("company_id","store_id","secret_no")
);
--> statement-breakpoint
ALTER TABLE "store_secrets" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "store_tokens" (
	"company_id" integer NOT NULL,
	"store_id" text NOT NULL,
	"token_hash" "bytea" PRIMARY KEY NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"revoked_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "store_tokens" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "stores" (
	"company_id" integer NOT NULL,
	"store_id" text NOT NULL,
	"platform" text NOT NULL,
	"domain" text NOT NULL,
	"platform_shop_id" text,
	"name" text NOT NULL,
	"status" text DEFAULT 'active' NOT NULL,
	"settings" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "stores_company_id_store_id_pk" PRIMARY KEY("company_id","store_id"),
	CONSTRAINT "stores_store_id_unique" UNIQUE("store_id"),
	CONSTRAINT "stores_platform_check" CHECK ("stores"."platform" in ('shopify', 'woocommerce', 'magento')),
	CONSTRAINT "stores_domain_check" CHECK ("stores"."domain" = lower("stores"."domain") and "stores"."domain" <> ''),
	CONSTRAINT "stores_status_check" CHECK ("stores"."status" in ('active', 'paused', 'disconnected'))
);
--> statement-breakpoint
ALTER TABLE "stores" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "answered_hints" (
	"company_id" integer NOT NULL,
	"delivery_id" bigint PRIMARY KEY NOT NULL,
	"answer" text NOT NULL,
	"answered_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "answered_hints_answer_check" CHECK ("answered_hints"."answer" in ('order', 'deleted', 'draft'))
);
--> statement-breakpoint
ALTER TABLE "answered_hints" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "reconciliations" (
	"company_id" integer NOT NULL,
	"reconciliation_no" bigint GENERATED ALWAYS AS IDENTITY (sequence name "reconciliations_reconciliation_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"store_id" text NOT NULL,
	"outcome" text NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"until" timestamp with time zone,
	"checked" integer NOT NULL,
	"healed" integer NOT NULL,
	"delta_before" jsonb NOT NULL,
	"delta" jsonb NOT NULL,
	"discrepancies" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"webhooks" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"error" text,
	"started_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "reconciliations_company_id_reconciliation_no_pk" PRIMARY KEY("company_id","reconciliation_no"),
	CONSTRAINT "reconciliations_outcome_check" CHECK ("reconciliations"."outcome" in ('finished', 'failed'))
);
--> statement-breakpoint
ALTER TABLE "reconciliations" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "store_reads" (
	"company_id" integer NOT NULL,
	"store_id" text NOT NULL,
	"reconciled_until" timestamp with time zone,
	"compared_after" bigint DEFAULT 0 NOT NULL,
	"started_at" timestamp with time zone,
	"import_cursor" text,
	"import_done" integer DEFAULT 0 NOT NULL,
	"import_total" integer DEFAULT 0 NOT NULL,
	"import_finished_at" timestamp with time zone,
	CONSTRAINT "store_reads_company_id_store_id_pk" PRIMARY KEY("company_id","store_id")
);
--> statement-breakpoint
ALTER TABLE "store_reads" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "sku_map" ADD CONSTRAINT "sku_map_company_id_companies_company_id_fk" FOREIGN KEY ("company_id") REFERENCES "public"."companies"("company_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "close_runs" ADD CONSTRAINT "close_runs_period" FOREIGN KEY ("company_id","period_no") REFERENCES "public"."periods"("company_id","period_no") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "close_runs" ADD CONSTRAINT "close_runs_lock" FOREIGN KEY ("company_id","lock_no") REFERENCES "public"."period_locks"("company_id","lock_no") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_company_id_companies_company_id_fk" FOREIGN KEY ("company_id") REFERENCES "public"."companies"("company_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audit_log" ADD CONSTRAINT "audit_log_company_id_companies_company_id_fk" FOREIGN KEY ("company_id") REFERENCES "public"."companies"("company_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "distributor_buyers" ADD CONSTRAINT "distributor_buyers_distributor" FOREIGN KEY ("company_id","distributor_no") REFERENCES "public"."distributors"("company_id","distributor_no") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "distributors" ADD CONSTRAINT "distributors_company_id_companies_company_id_fk" FOREIGN KEY ("company_id") REFERENCES "public"."companies"("company_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "placement_edges" ADD CONSTRAINT "placement_edges_tree" FOREIGN KEY ("company_id","tree") REFERENCES "public"."placement_trees"("company_id","tree") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "placement_edges" ADD CONSTRAINT "placement_edges_distributor" FOREIGN KEY ("company_id","distributor_no") REFERENCES "public"."distributors"("company_id","distributor_no") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "placement_trees" ADD CONSTRAINT "placement_trees_company_id_companies_company_id_fk" FOREIGN KEY ("company_id") REFERENCES "public"."companies"("company_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "referral_codes" ADD CONSTRAINT "referral_codes_distributor" FOREIGN KEY ("company_id","distributor_no") REFERENCES "public"."distributors"("company_id","distributor_no") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sponsor_edges" ADD CONSTRAINT "sponsor_edges_distributor" FOREIGN KEY ("company_id","distributor_no") REFERENCES "public"."distributors"("company_id","distributor_no") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "standings" ADD CONSTRAINT "standings_distributor" FOREIGN KEY ("company_id","distributor_no") REFERENCES "public"."distributors"("company_id","distributor_no") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "period_earnings" ADD CONSTRAINT "period_earnings_lock" FOREIGN KEY ("company_id","lock_no") REFERENCES "public"."period_locks"("company_id","lock_no") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "period_locks" ADD CONSTRAINT "period_locks_period" FOREIGN KEY ("company_id","period_no") REFERENCES "public"."periods"("company_id","period_no") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "periods" ADD CONSTRAINT "periods_company_id_companies_company_id_fk" FOREIGN KEY ("company_id") REFERENCES "public"."companies"("company_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rank_directives" ADD CONSTRAINT "rank_directives_distributor" FOREIGN KEY ("company_id","distributor_no") REFERENCES "public"."distributors"("company_id","distributor_no") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "volume_entries" ADD CONSTRAINT "volume_entries_company_id_companies_company_id_fk" FOREIGN KEY ("company_id") REFERENCES "public"."companies"("company_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "volume_entries" ADD CONSTRAINT "volume_entries_period" FOREIGN KEY ("company_id","period_no") REFERENCES "public"."periods"("company_id","period_no") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plans" ADD CONSTRAINT "plans_company_id_companies_company_id_fk" FOREIGN KEY ("company_id") REFERENCES "public"."companies"("company_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connection_codes" ADD CONSTRAINT "connection_codes_company_id_companies_company_id_fk" FOREIGN KEY ("company_id") REFERENCES "public"."companies"("company_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "store_access" ADD CONSTRAINT "store_access_store" FOREIGN KEY ("company_id","store_id") REFERENCES "public"."stores"("company_id","store_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "store_grants" ADD CONSTRAINT "store_grants_store" FOREIGN KEY ("company_id","store_id") REFERENCES "public"."stores"("company_id","store_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "store_secrets" ADD CONSTRAINT "store_secrets_store" FOREIGN KEY ("company_id","store_id") REFERENCES "public"."stores"("company_id","store_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "store_tokens" ADD CONSTRAINT "store_tokens_store" FOREIGN KEY ("company_id","store_id") REFERENCES "public"."stores"("company_id","store_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stores" ADD CONSTRAINT "stores_company_id_companies_company_id_fk" FOREIGN KEY ("company_id") REFERENCES "public"."companies"("company_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reconciliations" ADD CONSTRAINT "reconciliations_store" FOREIGN KEY ("company_id","store_id") REFERENCES "public"."stores"("company_id","store_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "store_reads" ADD CONSTRAINT "store_reads_store" FOREIGN KEY ("company_id","store_id") REFERENCES "public"."stores"("company_id","store_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "sku_map_by_sku" ON "sku_map" USING btree ("company_id","platform","platform_sku");--> statement-breakpoint
CREATE INDEX "close_runs_by_period" ON "close_runs" USING btree ("company_id","period_no","run_no");--> statement-breakpoint
CREATE UNIQUE INDEX "close_runs_first" ON "close_runs" USING btree ("company_id","period_no") WHERE "close_runs"."kind" = 'committed' and "close_runs"."supersedes" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "close_runs_next" ON "close_runs" USING btree ("company_id","supersedes") WHERE "close_runs"."supersedes" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "close_runs_proposal" ON "close_runs" USING btree ("company_id","proposal") WHERE "close_runs"."proposal" is not null;--> statement-breakpoint
CREATE INDEX "inbox_outcomes_dead" ON "inbox_outcomes" USING btree ("company_id","delivery_id") WHERE "inbox_outcomes"."outcome" = 'dead';--> statement-breakpoint
CREATE INDEX "inbox_outcomes_by_order" ON "inbox_outcomes" USING btree ("company_id","order_no") WHERE "inbox_outcomes"."order_no" is not null;--> statement-breakpoint
CREATE INDEX "inbox_outcomes_order_hints" ON "inbox_outcomes" USING btree ("company_id","delivery_id") WHERE "inbox_outcomes"."outcome" = 'hint' and "inbox_outcomes"."detail" like 'order %';--> statement-breakpoint
CREATE INDEX "inbox_retries_due" ON "inbox_retries" USING btree ("next_attempt_at");--> statement-breakpoint
CREATE UNIQUE INDEX "transfers_by_id" ON "transfers" USING btree ("company_id","transfer_id");--> statement-breakpoint
CREATE INDEX "transfers_by_distributor" ON "transfers" USING btree ("company_id","distributor_no","transfer_id");--> statement-breakpoint
CREATE INDEX "distributor_buyers_by_version" ON "distributor_buyers" USING btree ("company_id","version");--> statement-breakpoint
CREATE INDEX "distributors_by_version" ON "distributors" USING btree ("company_id","version");--> statement-breakpoint
CREATE INDEX "placement_edges_by_distributor" ON "placement_edges" USING btree ("company_id","tree","distributor_no","edge_no");--> statement-breakpoint
CREATE INDEX "referral_codes_by_distributor" ON "referral_codes" USING btree ("company_id","distributor_no");--> statement-breakpoint
CREATE INDEX "referral_codes_by_version" ON "referral_codes" USING btree ("company_id","version");--> statement-breakpoint
CREATE INDEX "sponsor_edges_by_distributor" ON "sponsor_edges" USING btree ("company_id","distributor_no","valid_from");--> statement-breakpoint
CREATE INDEX "sponsor_edges_by_sponsor" ON "sponsor_edges" USING btree ("company_id","sponsor_no");--> statement-breakpoint
CREATE INDEX "sponsor_edges_by_version" ON "sponsor_edges" USING btree ("company_id","version");--> statement-breakpoint
CREATE INDEX "standings_by_distributor" ON "standings" USING btree ("company_id","distributor_no","valid_from");--> statement-breakpoint
CREATE INDEX "standings_by_version" ON "standings" USING btree ("company_id","version");--> statement-breakpoint
CREATE INDEX "quarantine_by_sku" ON "quarantine" USING btree ("company_id","platform","sku");--> statement-breakpoint
CREATE INDEX "volume_entries_by_period" ON "volume_entries" USING btree ("company_id","period_no","entry_no");--> statement-breakpoint
CREATE INDEX "volume_entries_by_order" ON "volume_entries" USING btree ("company_id","order_no") WHERE "volume_entries"."order_no" is not null;--> statement-breakpoint
CREATE INDEX "store_tokens_by_store" ON "store_tokens" USING btree ("company_id","store_id");--> statement-breakpoint
CREATE UNIQUE INDEX "stores_by_domain" ON "stores" USING btree ("platform","domain") WHERE "stores"."status" <> 'disconnected';--> statement-breakpoint
CREATE UNIQUE INDEX "stores_by_shop_id" ON "stores" USING btree ("platform","platform_shop_id") WHERE "stores"."status" <> 'disconnected';--> statement-breakpoint
CREATE INDEX "reconciliations_by_store" ON "reconciliations" USING btree ("company_id","store_id","reconciliation_no");--> statement-breakpoint
CREATE POLICY "own_company" ON "sku_map" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "close_runs" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "run_bonuses" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "run_carry" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "run_pairs" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "run_results" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "api_keys" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "any_company" ON "api_keys" AS PERMISSIVE FOR ALL TO "upline_gate" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "own_company" ON "audit_log" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "companies" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "any_company" ON "companies" AS PERMISSIVE FOR ALL TO "upline_gate" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "own_company" ON "inbox" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "any_company" ON "inbox" AS PERMISSIVE FOR ALL TO "upline_gate" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "own_company" ON "inbox_outcomes" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "any_company" ON "inbox_outcomes" AS PERMISSIVE FOR ALL TO "upline_gate" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "own_company" ON "inbox_retries" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "any_company" ON "inbox_retries" AS PERMISSIVE FOR ALL TO "upline_gate" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "own_company" ON "transfers" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "distributor_buyers" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "distributors" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "placement_edges" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "placement_trees" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "referral_codes" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "sponsor_edges" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "standings" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "order_facts" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "order_revisions" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "orders" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "quarantine" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "period_earnings" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "period_locks" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "periods" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "rank_directives" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "volume_entries" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "volume_heads" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "plans" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "connection_codes" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "any_company" ON "connection_codes" AS PERMISSIVE FOR ALL TO "upline_gate" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "own_company" ON "store_access" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "any_company" ON "store_access" AS PERMISSIVE FOR ALL TO "upline_gate" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "own_company" ON "store_grants" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "any_company" ON "store_grants" AS PERMISSIVE FOR ALL TO "upline_gate" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "own_company" ON "store_secrets" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "any_company" ON "store_secrets" AS PERMISSIVE FOR ALL TO "upline_gate" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "own_company" ON "store_tokens" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "any_company" ON "store_tokens" AS PERMISSIVE FOR ALL TO "upline_gate" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "own_company" ON "stores" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "any_company" ON "stores" AS PERMISSIVE FOR ALL TO "upline_gate" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "own_company" ON "answered_hints" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "reconciliations" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "store_reads" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "any_company" ON "store_reads" AS PERMISSIVE FOR ALL TO "upline_gate" USING (true) WITH CHECK (true);