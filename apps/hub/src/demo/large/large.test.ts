import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { auditLedger } from "../../orders/audit.ts";
import { auditCloses } from "../../periods/audit.ts";
import { openTestParts, type TestParts } from "../../testing/test-parts.ts";
import { makeLarge } from "./main.ts";

const SIZE = { distributors: 400, orders: 1_100 };

let parts: TestParts;
let owner: postgres.Sql;
beforeAll(async () => {
  parts = await openTestParts();
  owner = postgres(parts.db.url, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await owner.end();
  await parts.close();
});

async function counts() {
  const [row] = await owner`
    select (select count(*)::int from orders) as orders, (select count(*)::int from distributors) as distributors,
           (select count(*)::int from inbox) as deliveries, (select count(*)::int from inbox_outcomes) as outcomes,
           (select count(*)::int from order_revisions) as revisions, (select count(*)::int from transfers) as transfers,
           (select count(*)::int from volume_entries) as volumes, (select count(*)::int from close_runs) as runs`;
  return row;
}

test("a run that was broken off goes on, ends in books that audit, and does nothing once more", async () => {
  const breakOff = (text: string) => {
    if (/ of 1100 orders/.test(text)) throw new Error("broken off");
  };
  await expect(makeLarge(parts, SIZE, breakOff)).rejects.toThrow("broken off");
  const { companyId } = await makeLarge(parts, SIZE, () => {});
  const made = await counts();
  expect(made).toMatchObject({ orders: 1_100, distributors: 400, runs: 2 });
  expect(made?.outcomes).toBe(made?.deliveries);
  expect(made?.revisions).toBeGreaterThan(1_100);
  const audit = await auditLedger(parts.pipeline, companyId);
  expect([audit.balanced, audit.orders]).toStrictEqual([true, 1_100]);
  expect(await auditCloses(parts, { companyId })).toStrictEqual({ periods: 1, changed: [], differences: [] });
  await makeLarge(parts, SIZE, () => {});
  expect(await counts()).toStrictEqual(made);
}, 120_000);

test("of every kind there is some", async () => {
  const outcomes = await owner`select distinct outcome from inbox_outcomes order by 1`;
  expect(outcomes.map(({ outcome }) => outcome)).toStrictEqual(["applied", "dead", "duplicate", "hint", "ignored", "shop"]);
  const [some] = await owner`
    select (select array_agg(distinct stage order by stage) from orders) as stages, (select array_agg(distinct kind order by kind) from transfers) as kinds,
           (select count(*)::int from quarantine) as quarantined, (select count(*)::int from orders where unresolved) as unresolved`;
  expect(some?.stages).toStrictEqual(["earned", "pending", "void"]);
  expect(some?.kinds).toContain("clawback");
  expect(some?.quarantined).toBeGreaterThan(0);
  expect(some?.unresolved).toBeGreaterThan(0);
});
