import { chmodSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { expect, onTestFinished, test } from "vitest";
import { sqlState } from "./connect.ts";
import { startEmbeddedPostgres } from "./embedded.ts";

test("the embedded database lets nobody in without the password, which only its own account may read", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "upline-embedded-"));
  // As root the database runs under another account, which must be able to enter.
  chmodSync(dataDir, 0o755);
  const embedded = await startEmbeddedPostgres({ dataDir, port: 0, unsafeFast: true });
  onTestFinished(async () => {
    await embedded.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const enter = async (url: string) => {
    const sql = postgres(url, { max: 1 });
    const entered = await sql`select 1`.then(() => null, sqlState);
    await sql.end();
    return entered;
  };
  expect(await enter(embedded.url)).toBeNull();
  const found = await startEmbeddedPostgres({ dataDir, port: 0 });
  expect(found).toMatchObject({ url: embedded.url, startedHere: false });
  for (const password of ["guess", new URL(embedded.url).password.slice(1)])
    expect(await enter(Object.assign(new URL(embedded.url), { password }).href)).toBe("28P01");
  expect(statSync(join(dataDir, "postgres.password")).mode & 0o777).toBe(0o600);
});
