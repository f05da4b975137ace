import { DISTRIBUTORS, PLAN } from "../standin/demo-company.ts";
import { DEMO_SHOPS } from "../standin/demo-shops.ts";
import type { Stack } from "../standin/stack.ts";
import { askHub, type HubReader } from "./books.ts";
import { OTHER } from "./life.ts";

/** The products that earn; gift cards never do. */
export const SKUS: readonly string[] = (DEMO_SHOPS[0]?.products ?? [])
  .flatMap(({ variants }) => variants)
  .filter(({ giftCard }) => !giftCard)
  .map(({ sku }) => sku);

const post = (body: unknown): RequestInit => ({ method: "POST", body: JSON.stringify(body) });

/**
 * The company with its plan and people, before the shop of the suite is connected; it has another shop already, by which it
 * was made. Answers how to read its books.
 */
export async function makeCompany({ hubUrl, serviceKey, standin }: Stack): Promise<HubReader> {
  const { domain, id, name, currency, timeZone } = standin.site.shopOf(OTHER);
  const shop = { platform: "shopify", domain, shop_id: id, name, currency, time_zone: timeZone };
  const join = { kind: "create", company_name: "Greenleaf" };
  const { key } = await askHub<{ key: string }>({ url: hubUrl, key: serviceKey }, "/api/service/shops", post({ ...shop, join }));
  const hub = { url: hubUrl, key };
  await askHub(hub, "/api/plans", post({ document: PLAN, effective_from: "2020-01-01" }));
  const [head = "", ...rows] = DISTRIBUTORS.trim().split("\n");
  const names = head.split(",");
  for (const row of rows) {
    const values = Object.fromEntries(row.split(",").map((value, index) => [names[index], value]));
    const { codes, sponsor_id, ...person } = values;
    await askHub(hub, "/api/distributors", post({ ...person, sponsor_id: sponsor_id || null, codes: codes ? [codes] : [] }));
  }
  return hub;
}

export async function joinCode(hub: HubReader): Promise<string> {
  return (await askHub<{ code: string }>(hub, "/api/connection-codes", { method: "POST" })).code;
}

/** Says what each product is worth, as the screen of products does. */
export async function mapSkus(hub: HubReader): Promise<void> {
  for (const sku of SKUS) {
    const worth = { commission_class: "standard", pv: "100%", qv: "100%", cv: "100%" };
    await askHub(hub, "/api/sku-map", post({ platform: "shopify", platform_sku: sku, sku_id: sku, name: sku, ...worth }));
  }
}
