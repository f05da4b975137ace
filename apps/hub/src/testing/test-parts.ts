import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "../db/open.ts";
import { readEnv } from "../env.ts";
import { type OrderParts, openPipeline } from "../orders/pipeline.ts";
import { openSecretBox } from "../secret-box.ts";
import { createTestDatabase } from "./test-database.ts";

export const TEST_SHOPIFY_APP_SECRET = "shopify-app-test-secret";

/** The settings of a hub in tests: nothing of the machine's own. */
export function testSettings(databaseUrl: string): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    UPLINE_SECRET_KEY: Buffer.alloc(32, 1).toString("base64"),
    UPLINE_SHOPIFY_APP_SECRETS: TEST_SHOPIFY_APP_SECRET,
    UPLINE_PUBLIC_URL: "http://hub.test",
    UPLINE_PORT: "0",
    UPLINE_LOG_LEVEL: "silent",
    UPLINE_JOBS: "off",
    UPLINE_PRIVATE_STORES: "allow",
    UPLINE_DATA_DIR: join(tmpdir(), `upline-${new URL(databaseUrl).pathname.slice(1)}`),
  };
}

export interface TestParts extends Pick<OrderParts, "env" | "db" | "box" | "pipeline"> {
  close(): Promise<void>;
}

/** A hub's parts without its server and worker, on a fresh database that `close()` drops: for tests of single verbs. */
export async function openTestParts(): Promise<TestParts> {
  const database = await createTestDatabase();
  const env = readEnv(testSettings(database.url));
  const box = openSecretBox(env);
  const db = await openDatabase(database.url, { env, box });
  const close = async () => {
    await db.close();
    await database.drop();
  };
  return { env, db, box, pipeline: openPipeline({ db, box }), close };
}
