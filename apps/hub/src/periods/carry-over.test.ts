import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { migrate } from "../db/migrate.ts";
import { openEarlierVersion } from "../testing/earlier-version.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";

let database: TestDatabase;
let owner: postgres.Sql<{ bigint: bigint }>;
beforeAll(async () => {
  database = await createTestDatabase();
  owner = postgres(database.url, { max: 1, onnotice: () => {}, types: { bigint: postgres.BigInt } });
  await openEarlierVersion(owner, "0020_results-in-pages");
});
afterAll(async () => {
  await owner.end();
  await database.drop();
});

const COLUMNS = {
  run_results: `distributor_no, active, pv, own_volume, gv, personal_group_volume, retail_volume, active_legs, qualified_rank, rank,
    title, grace_used`,
  run_bonuses: "bonus_id, distributor_no, before_caps, amount",
  run_pairs: "bonus_id, distributor_no, left_volume, right_volume, matched, used_left, used_right",
  run_carry: "bonus_id, kind, age, distributor_no, amount",
};

async function everyRow(): Promise<string[]> {
  const tables = await Promise.all(
    Object.entries(COLUMNS).map(([table, columns]) =>
      owner.unsafe<{ line: string }[]>(`select '${table} ' || row(company_id, run_no, ${columns})::text as line from ${table}`),
    ),
  );
  return tables.flatMap((rows) => rows.map(({ line }) => line)).sort();
}

test("what closes came to is read row by row as it was written before there were pages", async () => {
  // Two companies and runs, numbers around the edges of pages, written backwards, with amounts below zero.
  await owner`create temp table spots as
    select company_id, run_no, no from generate_series(1, 2) company_id, generate_series(7, 8) run_no,
           unnest(array[3001, 2000, 1999, 1000, 999, 2, 1, 0]) no`;
  await owner`insert into run_results select company_id, run_no, no, no % 2 = 0, no * 10, no + 1, 9007199254740993, -no, no, no % 7, -1, 2, 3, 1
    from spots where no > 0`;
  await owner`insert into run_bonuses select company_id, run_no, bonus, no, no * 3, -no from spots, unnest(array['levels', 'match']) bonus`;
  await owner`insert into run_pairs select company_id, run_no, 'pairs', no, no, 2, 3, 4, 5 from spots where no > 0`;
  await owner`insert into run_carry select company_id, run_no, 'pairs', kind, age, no, no - 5
    from spots, unnest(array['left', 'right']) kind, generate_series(0, 1) age`;
  const before = await everyRow();
  expect(before.length).toBe(28 + 64 + 28 + 128);

  await migrate(database.url);
  expect(await everyRow()).toStrictEqual(before);
  const [pages] = await owner`select count(*)::int as n from run_result_pages`;
  expect(pages?.n).toBe(2 * 2 * 4);
});
