ALTER TABLE "run_carry" DROP CONSTRAINT "run_carry_kind_check";--> statement-breakpoint
ALTER TABLE "volume_entries" ADD COLUMN "open_fast_starts" text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX "volume_entries_by_distributor" ON "volume_entries" USING btree ("company_id","distributor_no","period_no");--> statement-breakpoint
ALTER TABLE "run_carry" ADD CONSTRAINT "run_carry_kind_check" CHECK ("run_carry"."kind" in ('left', 'right', 'pool', 'completed', 'deficit'));