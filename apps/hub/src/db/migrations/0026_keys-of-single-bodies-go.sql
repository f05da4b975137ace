DROP POLICY "own_company" ON "body_keys" CASCADE;--> statement-breakpoint
DROP POLICY "any_company" ON "body_keys" CASCADE;--> statement-breakpoint
DROP TABLE "body_keys" CASCADE;