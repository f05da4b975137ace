import postgres from "postgres";
import { expect, test } from "vitest";
import { createTestDatabase } from "./test-database.ts";

test("every caller gets a migrated database of its own, also when several ask at once", async () => {
  const databases = await Promise.all([createTestDatabase(), createTestDatabase(), createTestDatabase()]);
  expect(new Set(databases.map((database) => database.url)).size).toBe(3);
  for (const { url, drop } of databases) {
    const sql = postgres(url, { max: 1 });
    const [row] = await sql<{ companies: number }[]>`select count(*)::int as companies from companies`;
    expect(row?.companies).toBe(0);
    await sql.end();
    await drop();
    const gone = postgres(url, { max: 1, connect_timeout: 2 });
    await expect(() => gone`select 1`).rejects.toThrow(expect.objectContaining({ code: "3D000" }));
    await gone.end();
  }
});
