-- Runs are never updated, so those that are there are given their person as they are rewritten: the name of the key, or
-- the name that was typed, as a key that is there is given its own name for an owner.
ALTER TABLE "close_runs" ADD COLUMN "person" text GENERATED ALWAYS AS
	(case when "kind" <> 'trial' then regexp_replace("actor", '^(key|operator):', '') end) STORED;--> statement-breakpoint
ALTER TABLE "close_runs" ALTER COLUMN "person" DROP EXPRESSION;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "owner" text;--> statement-breakpoint
UPDATE "api_keys" SET "owner" = "name";--> statement-breakpoint
ALTER TABLE "api_keys" ALTER COLUMN "owner" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "close_runs" ADD CONSTRAINT "close_runs_person_check" CHECK (("close_runs"."kind" = 'trial') = ("close_runs"."person" is null));--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_owner_check" CHECK ("api_keys"."owner" <> '');
