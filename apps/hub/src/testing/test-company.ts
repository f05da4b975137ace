import type { PlatformName } from "@upline/core";
import { importSkus } from "../catalogue/import.ts";
import { createCompany } from "../companies/create.ts";
import { createKey } from "../keys/create.ts";
import { importDistributors } from "../network/import.ts";
import type { HubParts } from "../parts.ts";
import { publishPlan } from "../plans/publish.ts";
import { addStore } from "../stores/add.ts";

/** A small company that the recorded deliveries of all three platforms fit: their codes, SKUs and secrets. */

/** 10, 5, 3 and 2 percent of CV on up to four levels, by rank; whoever is not active is passed over. */
export const TEST_PLAN = {
  format: "upline-plan/1",
  id: "test-unilevel",
  name: "Levels by rank",
  version: 1,
  timeZone: "UTC",
  rounding: "half-up",
  ownPurchase: "pays-upline",
  cvRates: { "*": "1" },
  active: { statuses: ["active"], minimumPv: "0", beforeFirstClose: "active" },
  ranks: ["associate", "silver", "gold"].map((id) => ({ id, name: id, requires: {} })),
  commissionClasses: [
    { id: "products", name: "Products" },
    { id: "digital", name: "Digital goods" },
  ],
  bonuses: [
    {
      id: "levels",
      kind: "unilevel",
      snapshot: "order",
      base: "cv",
      rates: { "*": ["0.10", "0.05"], silver: ["0.10", "0.05", "0.03"], gold: ["0.10", "0.05", "0.03", "0.02"] },
      levelOne: "owner",
      compression: "standard",
      unqualifiedSource: "pay-in-place",
      unqualifiedEarner: "company",
    },
  ],
} as const;

const ENROLLED_AT = "2025-01-01T00:00:00Z";

/** Id, sponsor, rank, status, codes. D01 is at the top; D05 is inactive and D12 terminated. */
const NETWORK: readonly (readonly [string, string | null, string, string, readonly string[]])[] = [
  ["D01", null, "gold", "active", []],
  ["D02", "D01", "gold", "active", ["GREG1"]],
  ["D03", "D02", "silver", "active", ["ANNA77", "MAYA21"]],
  ["D04", "D03", "associate", "active", ["CARLA9"]],
  ["D05", "D04", "associate", "inactive", ["REST1"]],
  ["D06", "D05", "silver", "active", ["EXT42", "ALICE42"]],
  ["D07", "D06", "associate", "active", ["HEAD7"]],
  ["D08", "D01", "gold", "active", ["BLOCK5"]],
  ["D09", "D08", "silver", "active", ["BOB7"]],
  ["D10", "D09", "associate", "active", ["JONAH7"]],
  ["D11", "D10", "associate", "active", ["LAYLA1"]],
  ["D12", "D08", "associate", "terminated", ["HANA8"]],
];

const SKUS: Readonly<Record<PlatformName, readonly (readonly [string, string, string | null])[]>> = {
  woocommerce: [
    ["STK-001", "Starter Kit", null],
    ["GRN-030", "Daily Greens", null],
    ["SRM-001", "Serum", null],
    ["TEE-S", "Team T-Shirt S", null],
    ["TEE-M", "Team T-Shirt M", "17"],
    ["TEE-L", "Team T-Shirt L", "18"],
    ["EBK-001", "Training e-book", null],
    ["KIT-STARTER", "Starter Kit", null],
    ["GREENS-030", "Daily Greens 30", null],
  ],
  magento: [
    ["SKU-SIMPLE", "Simple", null],
    ["SKU-VIRT", "Virtual", null],
    ["SKU-CONF-BLUE", "Configurable, blue", null],
    ["SKU-PART-A", "Part A", null],
    ["SKU-PART-B", "Part B", null],
    ["SKU-BUNDLE-FIX", "Fixed bundle", null],
    ["SKU-BUNDLE-DYN", "Dynamic bundle", null],
    ["KIT-STARTER", "Starter Kit", null],
    ["GREENS-030", "Daily Greens 30", null],
  ],
  shopify: [
    ["KIT-STARTER", "Starter Kit", "51120099001"],
    ["SHAKE-VAN", "Vanilla Shake", "51120099044"],
    ["GREENS-030", "Daily Greens 30", "51120099030"],
    ["HERB-90", "Herbal Blend", "51120090011"],
    ["ROSE-SOAP", "Rose Soap", "51120090005"],
    ["BALM-15", "Night Balm", "51120090002"],
    ["GEL-50", "Recovery Gel", "51120090012"],
    ["BOX-01", "Wellness Box", "51120090010"],
    ["SERUM-30", "Skin Serum", "51120090001"],
    ["BARS-12", "Protein Bars", "51120090006"],
    ["COLLAGEN-JP", "Green Tea Collagen", "51120090003"],
    ["OUD-100", "Oud Body Oil", "51120090004"],
  ],
};

const STORES = {
  shopify: { domain: "upline-demo.myshopify.com", secret: "shopify-test-secret" },
  // The secret that the recorded deliveries are signed with.
  woocommerce: { domain: "shop.example.com", secret: "woo-fixture-secret" },
  magento: { domain: "magento.example.com", secret: "magento-test-secret" },
} as const satisfies Record<PlatformName, { domain: string; secret: string }>;

export interface TestStore {
  readonly storeId: string;
  readonly domain: string;
  readonly secret: string;
  /** Path of its ingest address, for `app.request()`. */
  readonly ingestPath: string;
}

export interface TestCompany {
  readonly companyId: number;
  readonly slug: string;
  readonly stores: Readonly<Record<PlatformName, TestStore>>;
  readonly keys: { readonly admin: string; readonly read: string; readonly orders: string };
}

/** Makes the company; another slug makes another one beside it, with shops of its own. */
export async function setUpTestCompany(parts: Pick<HubParts, "db" | "box" | "env">, slug = "acme"): Promise<TestCompany> {
  const actor = "test";
  const { companyId } = await createCompany(parts, { slug, name: `Company ${slug}` });
  await publishPlan(parts, { companyId, document: TEST_PLAN, effectiveFrom: new Date("2025-01-01T00:00:00Z"), actor });
  const people = NETWORK.map(([distributorId, sponsorId, rank, status, codes], index) => {
    const email = `${distributorId.toLowerCase()}@${slug}.example.com`;
    return { line: index + 2, distributorId, sponsorId, rank, status, codes, email, country: "DE", enrolledAt: ENROLLED_AT };
  });
  refuse((await importDistributors(parts, { companyId, rows: people, actor })).errors);
  const skus = Object.entries(SKUS).flatMap(([platform, rows]) => rows.map((row) => [platform, ...row] as const));
  const mappings = skus.map(([platform, platformSku, name, variant], index) => {
    const volumes = { pv: "100%", qv: "100%", cv: "100%" };
    const commissionClass = platformSku === "EBK-001" || platformSku === "SKU-VIRT" ? "digital" : "products";
    const variantId = variant ?? undefined;
    return { line: index + 2, skuId: platformSku, platform, platformSku, variantId, name, commissionClass, ...volumes };
  });
  refuse((await importSkus(parts, { companyId, rows: mappings, actor })).errors);
  const key = async (scope: string) =>
    (await createKey(parts, { companyId, name: scope, owner: scope, scopes: [scope], actor })).key;
  return {
    companyId,
    slug,
    stores: {
      shopify: await store(parts, { companyId, slug, platform: "shopify" }),
      woocommerce: await store(parts, { companyId, slug, platform: "woocommerce" }),
      magento: await store(parts, { companyId, slug, platform: "magento" }),
    },
    keys: { admin: await key("admin"), read: await key("read"), orders: await key("orders") },
  };
}

async function store(
  parts: Pick<HubParts, "db" | "box" | "env">,
  args: { companyId: number; slug: string; platform: PlatformName },
): Promise<TestStore> {
  const { companyId, platform } = args;
  const { secret } = STORES[platform];
  const domain = args.slug === "acme" ? STORES[platform].domain : `${args.slug}-${STORES[platform].domain}`;
  const { storeId, ingestUrl } = await addStore(parts, { companyId, platform, domain, secret, publicUrl: "http://hub.test" });
  return { storeId, domain, secret, ingestPath: new URL(ingestUrl).pathname };
}

function refuse(errors: readonly { line: number; field: string; message: string }[]): void {
  if (errors.length > 0) throw new Error(`the test company cannot be set up: ${JSON.stringify(errors)}`);
}
