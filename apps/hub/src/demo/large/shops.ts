import type { PlatformName } from "@upline/core";
import type postgres from "postgres";
import { importSkus } from "../../catalogue/import.ts";
import { createCompany, findCompany } from "../../companies/create.ts";
import type { HubParts } from "../../parts.ts";
import { publishPlan } from "../../plans/publish.ts";
import { addStore } from "../../stores/add.ts";
import { DEMO_PLAN } from "../company.ts";
import { type LargeShop, PRODUCTS, skuOf } from "./order-lives.ts";

/** The large company itself: its plan, its stores and what they sell. */

export const SLUG = "large";
const ACTOR = "demo";
const STORES_OF_EACH_PLATFORM = 4;
const PLATFORMS: readonly PlatformName[] = ["shopify", "woocommerce", "magento"];
const CURRENCIES: Readonly<Record<PlatformName, string>> = { shopify: "USD", woocommerce: "EUR", magento: "GBP" };

type Parts = Pick<HubParts, "db" | "box" | "env">;

/** The company by its slug, made where it is missing. */
export async function largeCompany(parts: Parts): Promise<number> {
  const found = await findCompany(parts, SLUG);
  const { companyId } = found ?? (await createCompany(parts, { slug: SLUG, name: "Large Wellness" }));
  const document = {
    ...DEMO_PLAN,
    id: "large-unilevel",
    name: "Three levels for everybody",
    bonuses: DEMO_PLAN.bonuses.map(threeLevels),
  };
  await publishPlan(parts, { companyId, document, effectiveFrom: new Date("2018-01-01T00:00:00Z"), actor: ACTOR });
  return companyId;
}

/** Some four transfers an order, as most plans come to. */
function threeLevels(bonus: (typeof DEMO_PLAN)["bonuses"][number]) {
  return bonus.kind === "unilevel" ? { ...bonus, rates: { "*": ["0.08", "0.05", "0.03"] } } : bonus;
}

/** Its stores, those that are missing added. */
export async function largeShops(parts: Parts, owner: postgres.Sql, companyId: number): Promise<LargeShop[]> {
  const read = () => owner<(Pick<LargeShop, "storeId" | "platform"> & { domain: string })[]>`
    select store_id as "storeId", platform, domain from stores where company_id = ${companyId} order by domain`;
  const known = new Set((await read()).map(({ domain }) => domain));
  for (const platform of PLATFORMS) {
    for (let place = 1; place <= STORES_OF_EACH_PLATFORM; place++) {
      const domain = platform === "shopify" ? `large-${place}.myshopify.com` : `${platform}-${place}.large.example`;
      if (known.has(domain)) continue;
      await addStore(parts, {
        companyId,
        platform,
        domain,
        secret: `whsec_${btoa(`${domain} is no secret at all`)}`,
        publicUrl: "http://127.0.0.1",
      });
    }
  }
  return (await read()).map(({ storeId, platform }) => ({ storeId, platform, currency: CURRENCIES[platform] }));
}

/** Maps what they sell. What is mapped already stays. */
export async function largeCatalogue(parts: Parts, companyId: number): Promise<void> {
  const rows = PLATFORMS.flatMap((platform) =>
    Array.from({ length: PRODUCTS }, (_, product) => {
      const share = product % 10 === 0 ? "80%" : "100%";
      return {
        line: product + 2,
        skuId: `SKU${1000 + product}`,
        platform,
        platformSku: skuOf(platform, product),
        name: `Product ${product}`,
        category: product % 5 === 0 ? "kits" : "care",
        commissionClass: product % 20 === 0 ? "starter" : product % 33 === 0 ? "digital" : "standard",
        ...{ pv: share, qv: share, cv: share },
      };
    }),
  );
  const { errors } = await importSkus(parts, { companyId, rows, actor: ACTOR });
  if (errors[0]) throw new Error(`the catalogue was refused: line ${errors[0].line}, ${errors[0].field}: ${errors[0].message}`);
}
