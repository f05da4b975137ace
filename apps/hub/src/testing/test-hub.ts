import { readEnv } from "../env.ts";
import { type Hub, openHub } from "../hub.ts";
import { setUpTestCompany, type TestCompany } from "./test-company.ts";
import { createTestDatabase } from "./test-database.ts";

export const TEST_SHOPIFY_APP_SECRET = "shopify-app-test-secret";

export interface TestHub extends Hub {
  readonly company: TestCompany;
  /** Resolves once everything handed over so far is processed. */
  settled(): Promise<void>;
}

/** A hub on a database of its own with the test company. `close()` drops the database too. */
export async function openTestHub(): Promise<TestHub> {
  const database = await createTestDatabase();
  const env = readEnv({
    DATABASE_URL: database.url,
    UPLINE_SECRET_KEY: Buffer.alloc(32, 1).toString("base64"),
    UPLINE_SHOPIFY_APP_SECRETS: TEST_SHOPIFY_APP_SECRET,
    UPLINE_PUBLIC_URL: "http://hub.test",
    UPLINE_PORT: "0",
    UPLINE_LOG_LEVEL: "silent",
  });
  const hub = await openHub(env, database.url);
  const company = await setUpTestCompany(hub);
  const close = async () => {
    await hub.close();
    await database.drop();
  };
  return { ...hub, company, settled: () => hub.worker.idle(), close };
}
