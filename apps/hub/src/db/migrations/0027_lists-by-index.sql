DROP INDEX "inbox_outcomes_dead";--> statement-breakpoint
DROP INDEX "inbox_outcomes_shop";--> statement-breakpoint
CREATE INDEX "inbox_by_store" ON "inbox" USING btree ("company_id","store_id","delivery_id");--> statement-breakpoint
CREATE INDEX "inbox_by_time" ON "inbox" USING brin ("received_at") WITH (pages_per_range=32,autosummarize=true);--> statement-breakpoint
CREATE INDEX "inbox_outcomes_not_applied" ON "inbox_outcomes" USING btree ("company_id","outcome","delivery_id") WHERE "inbox_outcomes"."outcome" <> 'applied';--> statement-breakpoint
CREATE INDEX "placement_edges_by_time" ON "placement_edges" USING brin ("valid_from") WITH (autosummarize=true);--> statement-breakpoint
CREATE INDEX "orders_by_store" ON "orders" USING btree ("company_id","store_id","order_no");--> statement-breakpoint
CREATE INDEX "orders_by_distributor" ON "orders" USING btree ("company_id","distributor_no","order_no") WHERE "orders"."distributor_no" is not null;--> statement-breakpoint
CREATE INDEX "orders_to_look_after" ON "orders" USING btree ("company_id","order_no") WHERE "orders"."unresolved" or "orders"."quarantined_lines" > 0;--> statement-breakpoint
CREATE INDEX "orders_by_blocks" ON "orders" USING brin ("stage","updated_at") WITH (pages_per_range=32,autosummarize=true);