ALTER TABLE "store_access" ADD COLUMN "home_url" text;--> statement-breakpoint
ALTER TABLE "store_access" ADD COLUMN "copy_url" text;--> statement-breakpoint
ALTER TABLE "store_access" ADD COLUMN "copy_seen_at" timestamp with time zone;