import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedPostgres } from "@upline/hub/embedded-postgres";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    postgresUrl: string;
  }
}

/** One PostgreSQL for the run; every test file makes a database of its own in it. `UPLINE_TEST_DATABASE_URL` takes a server of yours. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const own = process.env.UPLINE_TEST_DATABASE_URL;
  if (own) {
    project.provide("postgresUrl", own);
    return async () => {};
  }
  const folder = mkdtempSync(join(tmpdir(), "upline-shopify-app-test-"));
  chmodSync(folder, 0o755);
  const server = await startEmbeddedPostgres({ dataDir: folder, port: 0, unsafeFast: true });
  project.provide("postgresUrl", server.url);
  return async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
