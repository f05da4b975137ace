CREATE TABLE "exchange_rates" (
	"company_id" integer NOT NULL,
	"rate_no" bigint GENERATED ALWAYS AS IDENTITY (sequence name "exchange_rates_rate_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"from_currency" text NOT NULL,
	"to_currency" text NOT NULL,
	"rate" text NOT NULL,
	"valid_from" timestamp with time zone NOT NULL,
	"set_by" text NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "exchange_rates_company_id_rate_no_pk" PRIMARY KEY("company_id","rate_no"),
	CONSTRAINT "exchange_rates_from_currency_check" CHECK ("exchange_rates"."from_currency" ~ '^[A-Z]{3}$'),
	CONSTRAINT "exchange_rates_to_currency_check" CHECK ("exchange_rates"."to_currency" ~ '^[A-Z]{3}$'),
	CONSTRAINT "exchange_rates_rate_check" CHECK ("exchange_rates"."rate" <> ''),
	CONSTRAINT "exchange_rates_set_by_check" CHECK ("exchange_rates"."set_by" <> '')
);
--> statement-breakpoint
ALTER TABLE "exchange_rates" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "quarantine" ADD COLUMN "rate_to" text;--> statement-breakpoint
ALTER TABLE "exchange_rates" ADD CONSTRAINT "exchange_rates_company_id_companies_company_id_fk" FOREIGN KEY ("company_id") REFERENCES "public"."companies"("company_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "exchange_rates_by_pair" ON "exchange_rates" USING btree ("company_id","from_currency","to_currency");--> statement-breakpoint
CREATE POLICY "own_company" ON "exchange_rates" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));