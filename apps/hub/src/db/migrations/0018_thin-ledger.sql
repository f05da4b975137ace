CREATE TABLE "ledger_words" (
	"company_id" integer NOT NULL,
	"word_no" integer GENERATED ALWAYS AS IDENTITY (sequence name "ledger_words_word_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"word" text NOT NULL,
	CONSTRAINT "ledger_words_company_id_word_no_pk" PRIMARY KEY("company_id","word_no"),
	CONSTRAINT "ledger_words_company_id_word_unique" UNIQUE("company_id","word")
);
--> statement-breakpoint
ALTER TABLE "ledger_words" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "transfer_rows" (
	"source_no" bigint NOT NULL,
	"line" bigint NOT NULL,
	"amount" bigint NOT NULL,
	"effective_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	"recorded_xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"transfer_id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "transfer_rows_transfer_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"company_id" integer NOT NULL,
	"revision" integer NOT NULL,
	"distributor_no" integer NOT NULL,
	"bonus_no" integer NOT NULL,
	"level" integer NOT NULL,
	"source_kind" smallint NOT NULL,
	"seq" smallint NOT NULL,
	"kind_no" smallint NOT NULL,
	"currency_no" smallint NOT NULL,
	"debit_account" smallint NOT NULL,
	"credit_account" smallint NOT NULL,
	CONSTRAINT "transfer_rows_company_id_source_kind_source_no_revision_seq_pk" PRIMARY KEY("company_id","source_kind","source_no","revision","seq"),
	CONSTRAINT "transfer_rows_amount_check" CHECK ("transfer_rows"."amount" > 0),
	CONSTRAINT "transfer_rows_kind_no_check" CHECK ("transfer_rows"."kind_no" between 1 and 4),
	CONSTRAINT "transfer_rows_check" CHECK ("transfer_rows"."debit_account" <> "transfer_rows"."credit_account")
);
--> statement-breakpoint
ALTER TABLE "transfer_rows" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE UNIQUE INDEX "transfer_rows_by_id" ON "transfer_rows" USING btree ("company_id","transfer_id");--> statement-breakpoint
CREATE INDEX "transfer_rows_by_distributor" ON "transfer_rows" USING btree ("company_id","distributor_no","transfer_id");--> statement-breakpoint
CREATE POLICY "own_company" ON "ledger_words" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "transfer_rows" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));