import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCompany } from "../companies/create.ts";
import { importDistributors } from "../network/import.ts";
import { openTestParts, type TestParts } from "../testing/test-parts.ts";
import { asCompany } from "./connect.ts";

let parts: TestParts;
let owner: postgres.Sql;
let companyId: number;
beforeAll(async () => {
  parts = await openTestParts();
  owner = postgres(parts.db.url, { max: 1, onnotice: () => {} });
  companyId = (await createCompany(parts, { slug: "filled", name: "Filled" })).companyId;
});
afterAll(async () => {
  await owner.end();
  await parts.close();
});

const LEADERS = 5;
const PEOPLE = 1_005;

async function expectedBelow(): Promise<number> {
  const [row] = await owner<{ "QUERY PLAN": [{ Plan: { "Plan Rows": number } }] }[]>`
    explain (format json) select from sponsor_edges where company_id = ${companyId} and sponsor_no = 3`;
  return row?.["QUERY PLAN"][0].Plan["Plan Rows"] ?? 0;
}

test("what is asked right after an import is planned by what was imported", async () => {
  const rows = Array.from({ length: PEOPLE }, (_, index) => ({
    ...{ line: index + 2, distributorId: `L${index}`, enrolledAt: "2025-01-01T00:00:00Z" },
    sponsorId: index < LEADERS ? null : `L${index % LEADERS}`,
  }));
  expect(await importDistributors(parts, { companyId, rows })).toMatchObject({ enrolled: PEOPLE, errorCount: 0 });
  // A fifth of a thousand each; of a table that nobody looked at it would be taken for a two-hundredth of what its pages might hold.
  expect(await expectedBelow()).toBe((PEOPLE - LEADERS) / LEADERS);
});

test("what was looked at and has not grown since is left alone; what has doubled is looked at anew", async () => {
  const analyze = async () => {
    const [row] = await asCompany(parts.db, companyId, (tx) => tx<{ tables: number }[]>`select analyze_filled() as tables`);
    return row?.tables;
  };
  expect(await analyze()).toBe(0);
  await owner`
    insert into audit_log (company_id, actor, act, subject, details)
    select ${companyId}, 'test', 'test', repeat('x', 500), '{}' from generate_series(1, 5000)`;
  expect(await analyze()).toBe(1);
  const [{ found } = { found: -1 }] = await owner`
    select reltuples::integer as found from pg_class where oid = 'audit_log'::regclass`;
  expect(found).toBeGreaterThanOrEqual(5_000);
});
