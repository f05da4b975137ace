ALTER TABLE "volume_entries" ADD COLUMN "retail_minor" bigint;--> statement-breakpoint
ALTER TABLE "volume_entries" ADD COLUMN "less_minor" jsonb;