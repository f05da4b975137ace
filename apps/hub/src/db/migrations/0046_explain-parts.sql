CREATE TABLE "run_explanations" (
	"company_id" integer NOT NULL,
	"run_no" bigint NOT NULL,
	"distributor_no" integer NOT NULL,
	"explained" jsonb NOT NULL,
	CONSTRAINT "run_explanations_company_id_run_no_distributor_no_pk" PRIMARY KEY("company_id","run_no","distributor_no")
);
--> statement-breakpoint
ALTER TABLE "run_explanations" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE INDEX "placement_edges_by_parent" ON "placement_edges" USING btree ("company_id","tree","parent_no");--> statement-breakpoint
CREATE POLICY "own_company" ON "run_explanations" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
-- Guards and grants as every append-only table of a company has them.
create trigger append_only before update or delete on run_explanations for each row execute function refuse_change();--> statement-breakpoint
create trigger append_only_truncate before truncate on run_explanations for each statement execute function refuse_change();--> statement-breakpoint
grant select, insert on run_explanations to upline_app;
