CREATE TABLE "hub_key" (
	"only_row" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"key_id" text NOT NULL,
	"body_key" "bytea" NOT NULL,
	CONSTRAINT "hub_key_only_row_check" CHECK ("hub_key"."only_row")
);
