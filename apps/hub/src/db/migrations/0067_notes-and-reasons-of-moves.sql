CREATE TABLE "distributor_notes" (
	"company_id" integer NOT NULL,
	"note_no" bigint GENERATED ALWAYS AS IDENTITY (sequence name "distributor_notes_note_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"distributor_no" integer NOT NULL,
	"body" text NOT NULL,
	"actor" text NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	"changed_at" timestamp with time zone,
	CONSTRAINT "distributor_notes_company_id_note_no_pk" PRIMARY KEY("company_id","note_no"),
	CONSTRAINT "distributor_notes_body_check" CHECK (char_length("distributor_notes"."body") between 1 and 4000)
);
--> statement-breakpoint
ALTER TABLE "distributor_notes" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "sponsor_edges" ADD COLUMN "actor" text;--> statement-breakpoint
ALTER TABLE "sponsor_edges" ADD COLUMN "reason" text;--> statement-breakpoint
ALTER TABLE "distributor_notes" ADD CONSTRAINT "distributor_notes_distributor" FOREIGN KEY ("company_id","distributor_no") REFERENCES "public"."distributors"("company_id","distributor_no") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "distributor_notes_by_distributor" ON "distributor_notes" USING btree ("company_id","distributor_no","note_no");--> statement-breakpoint
CREATE POLICY "own_company" ON "distributor_notes" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));