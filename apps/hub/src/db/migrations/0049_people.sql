CREATE TABLE "company_people" (
	"company_id" integer NOT NULL,
	"seat_no" bigint GENERATED ALWAYS AS IDENTITY (sequence name "company_people_seat_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"person_id" text NOT NULL,
	"role" text NOT NULL,
	"distributor_no" integer,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "company_people_company_id_seat_no_pk" PRIMARY KEY("company_id","seat_no"),
	CONSTRAINT "company_people_role_check" CHECK ("company_people"."role" in ('owner', 'admin', 'finance', 'support', 'viewer', 'distributor')),
	CONSTRAINT "company_people_sells_as" CHECK (("company_people"."role" = 'distributor') = ("company_people"."distributor_no" is not null))
);
--> statement-breakpoint
ALTER TABLE "company_people" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "invitations" (
	"company_id" integer NOT NULL,
	"invitation_no" bigint GENERATED ALWAYS AS IDENTITY (sequence name "invitations_invitation_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"token_hash" "bytea" NOT NULL,
	"email" text,
	"role" text NOT NULL,
	"distributor_no" integer,
	"code_no" bigint,
	"invited_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "invitations_company_id_invitation_no_pk" PRIMARY KEY("company_id","invitation_no"),
	CONSTRAINT "invitations_token_hash_unique" UNIQUE("token_hash"),
	CONSTRAINT "invitations_kind_check" CHECK ("invitations"."kind" in ('invitation', 'claim', 'code')),
	CONSTRAINT "invitations_role_check" CHECK ("invitations"."role" in ('owner', 'admin', 'finance', 'support', 'viewer', 'distributor')),
	CONSTRAINT "invitations_to_whom" CHECK (("invitations"."kind" = 'code') = ("invitations"."email" is null)),
	CONSTRAINT "invitations_sells_as" CHECK (("invitations"."role" = 'distributor') = ("invitations"."distributor_no" is not null))
);
--> statement-breakpoint
ALTER TABLE "invitations" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "people" (
	"person_id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"email_verified" boolean DEFAULT false NOT NULL,
	"image" text,
	"totp_enabled" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "people_email_unique" UNIQUE("email"),
	CONSTRAINT "people_name_check" CHECK ("people"."name" <> ''),
	CONSTRAINT "people_email_check" CHECK ("people"."email" = lower("people"."email") and "people"."email" <> '')
);
--> statement-breakpoint
ALTER TABLE "people" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "person_credentials" (
	"credential_id" text PRIMARY KEY NOT NULL,
	"person_id" text NOT NULL,
	"provider_id" text NOT NULL,
	"account_id" text NOT NULL,
	"password" text,
	"access_token" text,
	"refresh_token" text,
	"id_token" text,
	"access_token_expires_at" timestamp with time zone,
	"refresh_token_expires_at" timestamp with time zone,
	"scope" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "person_credentials" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "person_passkeys" (
	"passkey_id" text PRIMARY KEY NOT NULL,
	"person_id" text NOT NULL,
	"name" text,
	"public_key" text NOT NULL,
	"credential_id" text NOT NULL,
	"counter" bigint NOT NULL,
	"device_type" text NOT NULL,
	"backed_up" boolean NOT NULL,
	"transports" text,
	"aaguid" text,
	"created_at" timestamp with time zone DEFAULT now(),
	CONSTRAINT "person_passkeys_credential_id_unique" UNIQUE("credential_id")
);
--> statement-breakpoint
ALTER TABLE "person_passkeys" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "person_sessions" (
	"session_id" text PRIMARY KEY NOT NULL,
	"person_id" text NOT NULL,
	"token" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"ip_address" text,
	"browser" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "person_sessions_token_unique" UNIQUE("token")
);
--> statement-breakpoint
ALTER TABLE "person_sessions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "person_totp" (
	"totp_id" text PRIMARY KEY NOT NULL,
	"person_id" text NOT NULL,
	"secret" text NOT NULL,
	"backup_codes" text NOT NULL,
	"verified" boolean DEFAULT false NOT NULL,
	"failed_verification_count" integer DEFAULT 0 NOT NULL,
	"locked_until" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "person_totp" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "person_verifications" (
	"verification_id" text PRIMARY KEY NOT NULL,
	"identifier" text NOT NULL,
	"value" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "person_verifications" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "sign_in_attempts" (
	"attempt_hash" "bytea" PRIMARY KEY NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"tries" integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE "sign_in_attempts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "person_id" text;--> statement-breakpoint
ALTER TABLE "company_people" ADD CONSTRAINT "company_people_company_id_companies_company_id_fk" FOREIGN KEY ("company_id") REFERENCES "public"."companies"("company_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "company_people" ADD CONSTRAINT "company_people_person_id_people_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("person_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "company_people" ADD CONSTRAINT "company_people_distributor" FOREIGN KEY ("company_id","distributor_no") REFERENCES "public"."distributors"("company_id","distributor_no") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_company_id_companies_company_id_fk" FOREIGN KEY ("company_id") REFERENCES "public"."companies"("company_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_distributor" FOREIGN KEY ("company_id","distributor_no") REFERENCES "public"."distributors"("company_id","distributor_no") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "person_credentials" ADD CONSTRAINT "person_credentials_person_id_people_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("person_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "person_passkeys" ADD CONSTRAINT "person_passkeys_person_id_people_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("person_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "person_sessions" ADD CONSTRAINT "person_sessions_person_id_people_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("person_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "person_totp" ADD CONSTRAINT "person_totp_person_id_people_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("person_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "company_people_by_person" ON "company_people" USING btree ("person_id","company_id",("role" = 'distributor')) WHERE "company_people"."revoked_at" is null;--> statement-breakpoint
CREATE INDEX "company_people_staff" ON "company_people" USING btree ("company_id") WHERE "company_people"."role" <> 'distributor';--> statement-breakpoint
CREATE UNIQUE INDEX "company_people_by_distributor" ON "company_people" USING btree ("company_id","distributor_no") WHERE "company_people"."revoked_at" is null;--> statement-breakpoint
CREATE INDEX "invitations_of_staff" ON "invitations" USING btree ("company_id","invitation_no") WHERE "invitations"."kind" = 'invitation';--> statement-breakpoint
CREATE INDEX "invitations_by_distributor" ON "invitations" USING btree ("company_id","distributor_no") WHERE "invitations"."distributor_no" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "person_credentials_by_person" ON "person_credentials" USING btree ("person_id","provider_id");--> statement-breakpoint
CREATE INDEX "person_passkeys_by_person" ON "person_passkeys" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "person_sessions_by_person" ON "person_sessions" USING btree ("person_id");--> statement-breakpoint
CREATE UNIQUE INDEX "person_totp_by_person" ON "person_totp" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "person_verifications_by_identifier" ON "person_verifications" USING btree ("identifier");--> statement-breakpoint
CREATE INDEX "sign_in_attempts_by_start" ON "sign_in_attempts" USING btree ("started_at");--> statement-breakpoint
CREATE POLICY "any_company_for_people" ON "api_keys" AS PERMISSIVE FOR ALL TO "upline_people" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "any_company_for_people" ON "audit_log" AS PERMISSIVE FOR ALL TO "upline_people" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "any_company_for_people" ON "companies" AS PERMISSIVE FOR ALL TO "upline_people" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "any_person" ON "company_people" AS PERMISSIVE FOR ALL TO "upline_people" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "own_company" ON "company_people" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "any_person" ON "invitations" AS PERMISSIVE FOR ALL TO "upline_people" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "any_person" ON "people" AS PERMISSIVE FOR ALL TO "upline_people" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "own_company" ON "people" AS PERMISSIVE FOR SELECT TO "upline_app" USING (exists (select from company_people seat where seat.person_id = people.person_id and seat.role <> 'distributor'));--> statement-breakpoint
CREATE POLICY "any_person" ON "person_credentials" AS PERMISSIVE FOR ALL TO "upline_people" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "any_person" ON "person_passkeys" AS PERMISSIVE FOR ALL TO "upline_people" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "any_person" ON "person_sessions" AS PERMISSIVE FOR ALL TO "upline_people" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "any_person" ON "person_totp" AS PERMISSIVE FOR ALL TO "upline_people" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "any_person" ON "person_verifications" AS PERMISSIVE FOR ALL TO "upline_people" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "any_person" ON "sign_in_attempts" AS PERMISSIVE FOR ALL TO "upline_people" USING (true) WITH CHECK (true);