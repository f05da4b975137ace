ALTER TABLE "store_reads" ADD COLUMN "import_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "store_reads" ADD COLUMN "import_asked_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "store_reads" ADD COLUMN "reading_act" text;--> statement-breakpoint
ALTER TABLE "store_reads" ADD COLUMN "reading_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "store_reads" ADD COLUMN "reading_done" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "store_reads" ADD COLUMN "reading_total" integer;--> statement-breakpoint
ALTER TABLE "store_reads" ADD COLUMN "reading_healed" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "store_reads" ADD CONSTRAINT "store_reads_reading_act_check" CHECK ("store_reads"."reading_act" in ('reconcile', 'import'));