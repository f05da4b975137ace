import { readEnv } from "../env.ts";
import { type Hub, openHub } from "../hub.ts";
import { countPending } from "../inbox/waiting.ts";
import { setUpTestCompany, type TestCompany } from "./test-company.ts";
import { createTestDatabase } from "./test-database.ts";
import { testSettings } from "./test-parts.ts";
import { until } from "./until.ts";

export { TEST_SHOPIFY_APP_SECRET } from "./test-parts.ts";

export interface TestHub extends Hub {
  readonly company: TestCompany;
  /** Resolves once every delivery has its outcome, also one that was put off or given up for a moment, as on a busy machine. */
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
  return { ...hub, company, settled: () => settled(hub), close };
}

async function settled({ worker, db }: Hub): Promise<void> {
  await worker.idle();
  await until("every delivery has its outcome", async () => {
    if ((await countPending(db.gate)) === 0) return true;
    await db.gate`update inbox_retries set next_attempt_at = now()`;
    await worker.sweep(0);
    await worker.idle();
    return (await countPending(db.gate)) === 0;
  });
}
