import { readEnv } from "../env.ts";
import { type Hub, openHub } from "../hub.ts";
import { setUpTestCompany, type TestCompany } from "./test-company.ts";
import { createTestDatabase } from "./test-database.ts";
import { testSettings } from "./test-parts.ts";

export { TEST_SHOPIFY_APP_SECRET } from "./test-parts.ts";

export interface TestHub extends Hub {
  readonly company: TestCompany;
  /** Resolves once everything handed over so far is processed. */
  settled(): Promise<void>;
}

/** A hub on a database of its own with the test company; background jobs only where `settings` turn them on. `close()` drops the database too. */
export async function openTestHub(settings: Readonly<Record<string, string>> = {}): Promise<TestHub> {
  const database = await createTestDatabase();
  const hub = await openHub(readEnv({ ...testSettings(database.url), ...settings }), database.url);
  const company = await setUpTestCompany(hub);
  const close = async () => {
    await hub.close();
    await database.drop();
  };
  return { ...hub, company, settled: () => hub.worker.idle(), close };
}
