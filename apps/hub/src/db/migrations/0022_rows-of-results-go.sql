DROP POLICY "own_company" ON "run_bonuses" CASCADE;--> statement-breakpoint
DROP TABLE "run_bonuses" CASCADE;--> statement-breakpoint
DROP POLICY "own_company" ON "run_carry" CASCADE;--> statement-breakpoint
DROP TABLE "run_carry" CASCADE;--> statement-breakpoint
DROP POLICY "own_company" ON "run_pairs" CASCADE;--> statement-breakpoint
DROP TABLE "run_pairs" CASCADE;--> statement-breakpoint
DROP POLICY "own_company" ON "run_results" CASCADE;--> statement-breakpoint
DROP TABLE "run_results" CASCADE;