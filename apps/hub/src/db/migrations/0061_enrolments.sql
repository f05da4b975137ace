CREATE TABLE "consent_texts" (
	"company_id" integer NOT NULL,
	"consent_id" text NOT NULL,
	"version" integer NOT NULL,
	"texts" jsonb NOT NULL,
	"address" text,
	"is_required" boolean NOT NULL,
	"made_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "consent_texts_company_id_consent_id_version_pk" PRIMARY KEY("company_id","consent_id","version"),
	CONSTRAINT "consent_texts_version_check" CHECK ("consent_texts"."version" > 0),
	CONSTRAINT "consent_texts_consent_id_check" CHECK ("consent_texts"."consent_id" <> '')
);
--> statement-breakpoint
ALTER TABLE "consent_texts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "enrolment_decisions" (
	"company_id" integer NOT NULL,
	"enrolment_no" bigint NOT NULL,
	"distributor_no" integer,
	"decided_by" text NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"decided_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "enrolment_decisions_company_id_enrolment_no_pk" PRIMARY KEY("company_id","enrolment_no"),
	CONSTRAINT "enrolment_decisions_reason_check" CHECK (("enrolment_decisions"."distributor_no" is null) = ("enrolment_decisions"."reason" <> ''))
);
--> statement-breakpoint
ALTER TABLE "enrolment_decisions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "enrolment_settings" (
	"company_id" integer NOT NULL,
	"is_open" boolean DEFAULT false NOT NULL,
	"needs_approval" boolean DEFAULT true NOT NULL,
	"inviter" text DEFAULT 'first-name' NOT NULL,
	"id_prefix" text DEFAULT 'N' NOT NULL,
	"intro" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"fields" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"consents" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "enrolment_settings_company_id_pk" PRIMARY KEY("company_id"),
	CONSTRAINT "enrolment_settings_inviter_check" CHECK ("enrolment_settings"."inviter" in ('first-name', 'name', 'nobody')),
	CONSTRAINT "enrolment_settings_id_prefix_check" CHECK ("enrolment_settings"."id_prefix" ~ '^[A-Za-z][A-Za-z0-9-]{0,9}$')
);
--> statement-breakpoint
ALTER TABLE "enrolment_settings" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "enrolments" (
	"company_id" integer NOT NULL,
	"enrolment_no" bigint GENERATED ALWAYS AS IDENTITY (sequence name "enrolments_enrolment_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"state" text DEFAULT 'waiting' NOT NULL,
	"token_hash" "bytea" NOT NULL,
	"sponsor_no" integer NOT NULL,
	"code" text NOT NULL,
	"name" text NOT NULL,
	"country" text NOT NULL,
	"language" text NOT NULL,
	"email_ciphertext" "bytea",
	"answers_ciphertext" "bytea",
	"consents" jsonb NOT NULL,
	"asked_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"confirmed_at" timestamp with time zone,
	"decided_at" timestamp with time zone,
	CONSTRAINT "enrolments_company_id_enrolment_no_pk" PRIMARY KEY("company_id","enrolment_no"),
	CONSTRAINT "enrolments_token_hash_unique" UNIQUE("token_hash"),
	CONSTRAINT "enrolments_state_check" CHECK ("enrolments"."state" in ('waiting', 'confirmed', 'approved', 'refused')),
	CONSTRAINT "enrolments_language_check" CHECK ("enrolments"."language" in ('en', 'de')),
	CONSTRAINT "enrolments_country_check" CHECK ("enrolments"."country" ~ '^[A-Z]{2}$'),
	CONSTRAINT "enrolments_confirmed_at_check" CHECK (("enrolments"."state" = 'waiting') = ("enrolments"."confirmed_at" is null)),
	CONSTRAINT "enrolments_decided_at_check" CHECK (("enrolments"."state" in ('approved', 'refused')) = ("enrolments"."decided_at" is not null)),
	CONSTRAINT "enrolments_email_ciphertext_check" CHECK (("enrolments"."decided_at" is not null) = ("enrolments"."email_ciphertext" is null))
);
--> statement-breakpoint
ALTER TABLE "enrolments" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "given_consents" (
	"company_id" integer NOT NULL,
	"enrolment_no" bigint NOT NULL,
	"consent_id" text NOT NULL,
	"version" integer NOT NULL,
	"given_at" timestamp with time zone NOT NULL,
	CONSTRAINT "given_consents_company_id_enrolment_no_consent_id_pk" PRIMARY KEY("company_id","enrolment_no","consent_id")
);
--> statement-breakpoint
ALTER TABLE "given_consents" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "consent_texts" ADD CONSTRAINT "consent_texts_company_id_companies_company_id_fk" FOREIGN KEY ("company_id") REFERENCES "public"."companies"("company_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enrolment_decisions" ADD CONSTRAINT "enrolment_decisions_enrolment" FOREIGN KEY ("company_id","enrolment_no") REFERENCES "public"."enrolments"("company_id","enrolment_no") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enrolment_decisions" ADD CONSTRAINT "enrolment_decisions_distributor" FOREIGN KEY ("company_id","distributor_no") REFERENCES "public"."distributors"("company_id","distributor_no") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enrolment_settings" ADD CONSTRAINT "enrolment_settings_company_id_companies_company_id_fk" FOREIGN KEY ("company_id") REFERENCES "public"."companies"("company_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enrolments" ADD CONSTRAINT "enrolments_company_id_companies_company_id_fk" FOREIGN KEY ("company_id") REFERENCES "public"."companies"("company_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enrolments" ADD CONSTRAINT "enrolments_sponsor" FOREIGN KEY ("company_id","sponsor_no") REFERENCES "public"."distributors"("company_id","distributor_no") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "given_consents" ADD CONSTRAINT "given_consents_enrolment" FOREIGN KEY ("company_id","enrolment_no") REFERENCES "public"."enrolments"("company_id","enrolment_no") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "given_consents" ADD CONSTRAINT "given_consents_text" FOREIGN KEY ("company_id","consent_id","version") REFERENCES "public"."consent_texts"("company_id","consent_id","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "enrolment_decisions_by_distributor" ON "enrolment_decisions" USING btree ("company_id","distributor_no");--> statement-breakpoint
CREATE INDEX "enrolments_by_state" ON "enrolments" USING btree ("company_id","state","enrolment_no");--> statement-breakpoint
CREATE POLICY "own_company" ON "consent_texts" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "enrolment_decisions" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "enrolment_settings" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "enrolments" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "given_consents" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));