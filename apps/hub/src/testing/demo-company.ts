import { importSkus } from "../catalogue/import.ts";
import { createCompany } from "../companies/create.ts";
import { DEMO_PLAN, demoDistributors, demoSkus } from "../demo/company.ts";
import { DEMO_SECRETS, demoDeliveries, signDelivery } from "../demo/deliveries.ts";
import { readEnv } from "../env.ts";
import { type Hub, openHub } from "../hub.ts";
import { importDistributors } from "../network/import.ts";
import { publishPlan } from "../plans/publish.ts";
import { addStore } from "../stores/add.ts";
import { createTestDatabase } from "./test-database.ts";
import { testSettings } from "./test-parts.ts";

export interface DemoHub extends Hub {
  readonly companyId: number;
}

/** A hub with the company of `pnpm demo` and nothing else. `close()` drops its database. */
export async function openDemoHub(): Promise<DemoHub> {
  const database = await createTestDatabase();
  const hub = await openHub(readEnv(testSettings(database.url)), database.url);
  const close = async () => {
    await hub.close();
    await database.drop();
  };
  return { ...hub, companyId: await setUpDemoCompany(hub), close };
}

/** Everything that the demo's shops send, one delivery after the other. */
async function setUpDemoCompany(hub: Hub): Promise<number> {
  const actor = "demo";
  const { companyId } = await createCompany(hub, { slug: "demo", name: "Demo Wellness" });
  await publishPlan(hub, { companyId, document: DEMO_PLAN, effectiveFrom: new Date("2024-01-01T00:00:00Z"), actor });
  await importDistributors(hub, { companyId, rows: demoDistributors(), actor });
  await importSkus(hub, { companyId, rows: demoSkus(), actor });
  const paths: Record<string, string> = {};
  for (const platform of ["shopify", "woocommerce", "magento"] as const) {
    const domain = platform === "shopify" ? "upline-demo.myshopify.com" : `${platform}.demo.example`;
    const secret = DEMO_SECRETS[platform];
    const { ingestUrl } = await addStore(hub, { companyId, platform, domain, secret, publicUrl: "http://hub.test" });
    paths[platform] = new URL(ingestUrl).pathname;
  }
  for (const [index, delivery] of demoDeliveries().entries()) {
    const signed = signDelivery(delivery, { id: `demo-${index}`, now: new Date() });
    const headers = Object.fromEntries(Object.entries(signed).filter(([, value]) => value !== ""));
    const response = await hub.app.request(paths[delivery.platform] as string, { method: "POST", headers, body: delivery.body });
    const expected = delivery.badSignature ? 401 : 200;
    if (response.status !== expected) throw new Error(`${delivery.label}: answered ${response.status}`);
    if (!delivery.withNext) await hub.worker.idle();
  }
  await hub.worker.idle();
  return companyId;
}
