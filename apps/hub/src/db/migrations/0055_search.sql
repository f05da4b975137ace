CREATE INDEX "sku_map_by_fragment" ON "sku_map" USING gin ((lower("sku_id" || ' ' || "platform_sku" || ' ' || "name")) extensions.gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "distributors_by_fragment" ON "distributors" USING gin ((lower("name" || ' ' || "distributor_id")) extensions.gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "distributors_by_id_prefix" ON "distributors" USING btree ("company_id","distributor_id" text_pattern_ops);--> statement-breakpoint
CREATE INDEX "referral_codes_by_fragment" ON "referral_codes" USING gin ("folded_code" extensions.gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "referral_codes_by_prefix" ON "referral_codes" USING btree ("company_id","folded_code" text_pattern_ops);--> statement-breakpoint
CREATE INDEX "orders_by_name" ON "orders" USING btree ("company_id","order_name" text_pattern_ops);