CREATE TABLE "import_progress" (
	"company_id" integer NOT NULL,
	"kind" text NOT NULL,
	"file_name" text NOT NULL,
	"actor" text NOT NULL,
	"stage" text NOT NULL,
	"done" integer NOT NULL,
	"total" integer NOT NULL,
	"told" jsonb,
	"problem" text,
	"started_at" timestamp with time zone NOT NULL,
	"heard_at" timestamp with time zone NOT NULL,
	CONSTRAINT "import_progress_company_id_kind_pk" PRIMARY KEY("company_id","kind"),
	CONSTRAINT "import_progress_kind_check" CHECK ("import_progress"."kind" in ('people', 'sku-map')),
	CONSTRAINT "import_progress_stage_check" CHECK ("import_progress"."stage" in ('reading', 'writing', 'computing', 'done', 'failed'))
);
--> statement-breakpoint
ALTER TABLE "import_progress" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY "own_company" ON "import_progress" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint

grant select, insert, update on import_progress to upline_app;
