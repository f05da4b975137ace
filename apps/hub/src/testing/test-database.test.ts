import assert from "node:assert/strict";
import { test } from "node:test";
import postgres from "postgres";
import { createTestDatabase } from "./test-database.ts";

test("every caller gets a migrated database of its own, also when several ask at once", async () => {
  const databases = await Promise.all([createTestDatabase(), createTestDatabase(), createTestDatabase()]);
  assert.equal(new Set(databases.map((one) => one.url)).size, 3);
  for (const { url, drop } of databases) {
    const sql = postgres(url, { max: 1 });
    const [row] = await sql<{ companies: number }[]>`select count(*)::int as companies from companies`;
    assert.equal(row?.companies, 0);
    await sql.end();
    await drop();
    const gone = postgres(url, { max: 1, connect_timeout: 2 });
    await assert.rejects(() => gone`select 1`, { code: "3D000" });
    await gone.end();
  }
});
