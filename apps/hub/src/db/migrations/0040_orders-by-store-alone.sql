DROP INDEX "orders_by_store";--> statement-breakpoint
CREATE INDEX "orders_by_store" ON "orders" USING btree ("company_id","store_id","order_no") WHERE "orders"."order_no" > 0;