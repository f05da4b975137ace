CREATE TABLE "run_bonus_pages" (
	"company_id" integer NOT NULL,
	"run_no" bigint NOT NULL,
	"page" integer NOT NULL,
	"bonus_id" text NOT NULL,
	"distributor_no" integer[] NOT NULL,
	"before_caps" bigint[] NOT NULL,
	"amount" bigint[] NOT NULL,
	CONSTRAINT "run_bonus_pages_company_id_run_no_page_bonus_id_pk" PRIMARY KEY("company_id","run_no","page","bonus_id"),
	CONSTRAINT "run_bonus_pages_even_columns" CHECK (cardinality("run_bonus_pages"."before_caps") = cardinality("run_bonus_pages"."distributor_no") and cardinality("run_bonus_pages"."amount") = cardinality("run_bonus_pages"."distributor_no"))
);
--> statement-breakpoint
ALTER TABLE "run_bonus_pages" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "run_carry_pages" (
	"company_id" integer NOT NULL,
	"run_no" bigint NOT NULL,
	"page" integer NOT NULL,
	"bonus_id" text NOT NULL,
	"kind" text NOT NULL,
	"age" smallint NOT NULL,
	"distributor_no" integer[] NOT NULL,
	"amount" bigint[] NOT NULL,
	CONSTRAINT "run_carry_pages_company_id_run_no_page_bonus_id_kind_age_pk" PRIMARY KEY("company_id","run_no","page","bonus_id","kind","age"),
	CONSTRAINT "run_carry_pages_even_columns" CHECK (cardinality("run_carry_pages"."amount") = cardinality("run_carry_pages"."distributor_no")),
	CONSTRAINT "run_carry_pages_kind_check" CHECK ("run_carry_pages"."kind" in ('left', 'right', 'pool', 'completed', 'deficit'))
);
--> statement-breakpoint
ALTER TABLE "run_carry_pages" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "run_pair_pages" (
	"company_id" integer NOT NULL,
	"run_no" bigint NOT NULL,
	"page" integer NOT NULL,
	"bonus_id" text NOT NULL,
	"distributor_no" integer[] NOT NULL,
	"left_volume" bigint[] NOT NULL,
	"right_volume" bigint[] NOT NULL,
	"matched" bigint[] NOT NULL,
	"used_left" bigint[] NOT NULL,
	"used_right" bigint[] NOT NULL,
	CONSTRAINT "run_pair_pages_company_id_run_no_page_bonus_id_pk" PRIMARY KEY("company_id","run_no","page","bonus_id"),
	CONSTRAINT "run_pair_pages_even_columns" CHECK (cardinality("run_pair_pages"."left_volume") = cardinality("run_pair_pages"."distributor_no") and cardinality("run_pair_pages"."right_volume") = cardinality("run_pair_pages"."distributor_no") and cardinality("run_pair_pages"."matched") = cardinality("run_pair_pages"."distributor_no") and cardinality("run_pair_pages"."used_left") = cardinality("run_pair_pages"."distributor_no") and cardinality("run_pair_pages"."used_right") = cardinality("run_pair_pages"."distributor_no"))
);
--> statement-breakpoint
ALTER TABLE "run_pair_pages" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "run_result_pages" (
	"company_id" integer NOT NULL,
	"run_no" bigint NOT NULL,
	"page" integer NOT NULL,
	"distributor_no" integer[] NOT NULL,
	"active" smallint[] NOT NULL,
	"pv" bigint[] NOT NULL,
	"own_volume" bigint[] NOT NULL,
	"gv" bigint[] NOT NULL,
	"personal_group_volume" bigint[] NOT NULL,
	"retail_volume" bigint[] NOT NULL,
	"active_legs" integer[] NOT NULL,
	"qualified_rank" smallint[] NOT NULL,
	"rank" smallint[] NOT NULL,
	"title" smallint[] NOT NULL,
	"grace_used" smallint[] NOT NULL,
	CONSTRAINT "run_result_pages_company_id_run_no_page_pk" PRIMARY KEY("company_id","run_no","page"),
	CONSTRAINT "run_result_pages_even_columns" CHECK (cardinality("run_result_pages"."active") = cardinality("run_result_pages"."distributor_no") and cardinality("run_result_pages"."pv") = cardinality("run_result_pages"."distributor_no") and cardinality("run_result_pages"."own_volume") = cardinality("run_result_pages"."distributor_no") and cardinality("run_result_pages"."gv") = cardinality("run_result_pages"."distributor_no") and cardinality("run_result_pages"."personal_group_volume") = cardinality("run_result_pages"."distributor_no") and cardinality("run_result_pages"."retail_volume") = cardinality("run_result_pages"."distributor_no") and cardinality("run_result_pages"."active_legs") = cardinality("run_result_pages"."distributor_no") and cardinality("run_result_pages"."qualified_rank") = cardinality("run_result_pages"."distributor_no") and cardinality("run_result_pages"."rank") = cardinality("run_result_pages"."distributor_no") and cardinality("run_result_pages"."title") = cardinality("run_result_pages"."distributor_no") and cardinality("run_result_pages"."grace_used") = cardinality("run_result_pages"."distributor_no"))
);
--> statement-breakpoint
ALTER TABLE "run_result_pages" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY "own_company" ON "run_bonus_pages" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "run_carry_pages" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "run_pair_pages" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));--> statement-breakpoint
CREATE POLICY "own_company" ON "run_result_pages" AS PERMISSIVE FOR ALL TO "upline_app" USING (company_id = (select current_company())) WITH CHECK (company_id = (select current_company()));