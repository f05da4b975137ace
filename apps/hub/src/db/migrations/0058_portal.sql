CREATE TABLE "materials" (
	"company_id" integer NOT NULL,
	"material_no" bigint GENERATED ALWAYS AS IDENTITY (sequence name "materials_material_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"title" text NOT NULL,
	"body" text NOT NULL,
	"picture" "bytea",
	"picture_type" text,
	"made_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	"withdrawn_at" timestamp with time zone,
	CONSTRAINT "materials_company_id_material_no_pk" PRIMARY KEY("company_id","material_no"),
	CONSTRAINT "materials_title_check" CHECK ("materials"."title" <> ''),
	CONSTRAINT "materials_kind_check" CHECK ("materials"."kind" in ('text', 'link', 'picture')),
	CONSTRAINT "materials_picture_type_check" CHECK ("materials"."picture_type" in ('image/png', 'image/jpeg', 'image/webp')),
	CONSTRAINT "materials_picture_check" CHECK (("materials"."kind" = 'picture') = ("materials"."picture" is not null) and octet_length("materials"."picture") <= 2097152)
);
--> statement-breakpoint
ALTER TABLE "materials" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "portal_settings" (
	"company_id" integer NOT NULL,
	"names" text DEFAULT 'downline' NOT NULL,
	"contacts" boolean DEFAULT true NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "portal_settings_company_id_pk" PRIMARY KEY("company_id"),
	CONSTRAINT "portal_settings_names_check" CHECK ("portal_settings"."names" in ('downline', 'frontline'))
);
--> statement-breakpoint
ALTER TABLE "portal_settings" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "question_messages" (
	"company_id" integer NOT NULL,
	"message_no" bigint GENERATED ALWAYS AS IDENTITY (sequence name "question_messages_message_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"question_no" bigint NOT NULL,
	"side" text NOT NULL,
	"actor" text NOT NULL,
	"message" text NOT NULL,
	"written_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "question_messages_company_id_message_no_pk" PRIMARY KEY("company_id","message_no"),
	CONSTRAINT "question_messages_side_check" CHECK ("question_messages"."side" in ('distributor', 'company')),
	CONSTRAINT "question_messages_message_check" CHECK ("question_messages"."message" <> '')
);
--> statement-breakpoint
ALTER TABLE "question_messages" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "questions" (
	"company_id" integer NOT NULL,
	"question_no" bigint GENERATED ALWAYS AS IDENTITY (sequence name "questions_question_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"distributor_no" integer NOT NULL,
	"about" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"asked_at" timestamp with time zone DEFAULT now() NOT NULL,
	"answered_at" timestamp with time zone,
	"wrote_at" timestamp with time zone DEFAULT now() NOT NULL,
	"read_at" timestamp with time zone DEFAULT now() NOT NULL,
	"settled_at" timestamp with time zone,
	CONSTRAINT "questions_company_id_question_no_pk" PRIMARY KEY("company_id","question_no")
);
--> statement-breakpoint
ALTER TABLE "questions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "materials" ADD CONSTRAINT "materials_company_id_companies_company_id_fk" FOREIGN KEY ("company_id") REFERENCES "public"."companies"("company_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "portal_settings" ADD CONSTRAINT "portal_settings_company_id_companies_company_id_fk" FOREIGN KEY ("company_id") REFERENCES "public"."companies"("company_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "question_messages" ADD CONSTRAINT "question_messages_question" FOREIGN KEY ("company_id","question_no") REFERENCES "public"."questions"("company_id","question_no") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "questions" ADD CONSTRAINT "questions_distributor" FOREIGN KEY ("company_id","distributor_no") REFERENCES "public"."distributors"("company_id","distributor_no") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "question_messages_by_question" ON "question_messages" USING btree ("company_id","question_no","message_no");--> statement-breakpoint
CREATE INDEX "questions_by_distributor" ON "questions" USING btree ("company_id","distributor_no","question_no");--> statement-breakpoint
CREATE INDEX "questions_open" ON "questions" USING btree ("company_id","question_no") WHERE "questions"."settled_at" is null;--> statement-breakpoint
CREATE POLICY "own_company" ON "materials" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "portal_settings" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "question_messages" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "questions" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));