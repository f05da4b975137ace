DROP INDEX "inbox_retries_due";--> statement-breakpoint
CREATE INDEX "inbox_by_company" ON "inbox" USING btree ("company_id","delivery_id");--> statement-breakpoint
CREATE INDEX "inbox_retries_due" ON "inbox_retries" USING btree ("company_id","next_attempt_at");