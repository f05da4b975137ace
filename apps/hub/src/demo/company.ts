import type { PlatformName } from "@upline/core";

/** The demo's company: a network, a SKU map and a plan, the same on every machine. */

export interface DemoDistributor {
  readonly line: number;
  readonly distributorId: string;
  readonly sponsorId: string | null;
  readonly name: string;
  readonly status: "active" | "inactive" | "suspended" | "terminated";
  readonly rank: string | null;
  readonly country: string;
  readonly codes: readonly string[];
  readonly enrolledAt: string;
}

const FIRST = [
  "Maya",
  "Jonah",
  "Hana",
  "Layla",
  "Anna",
  "Carla",
  "Greg",
  "Bela",
  "Noor",
  "Ines",
  "Tomas",
  "Priya",
  "Kofi",
  "Sofia",
  "Liam",
  "Aiko",
  "Omar",
  "Elif",
  "Ravi",
  "Zoe",
];
const LAST = [
  "Ortiz",
  "Berg",
  "Sato",
  "Haddad",
  "Muster",
  "Rossi",
  "Novak",
  "Costa",
  "Khan",
  "Dubois",
  "Mensah",
  "Ivanova",
  "Silva",
  "Keller",
  "Tanaka",
  "Park",
];
const COUNTRIES = ["DE", "US", "GB", "FR", "IN", "JP", "AU", "KW", "BR", "GH"];
const RANKS = ["diamond", "platinum", "gold", "silver", "bronze"];
/** The codes that the recorded orders carry, each given to somebody deep in the network. */
const CODES = [
  "MAYA21",
  "JONAH7",
  "HANA8",
  "LAYLA1",
  "ANNA77",
  "CARLA9",
  "REST1",
  "EXT42",
  "GREG1",
  "HEAD7",
  "BLOCK5",
  "ALICE42",
  "BOB7",
];
/** The referrer of the document's own examples, so that they can be sent to the demo as they stand. */
const NINE_THOUSAND_TWELVE = { distributorId: "9012", sponsorId: "D1188", rank: "silver", country: "US", codes: ["ABC123"] };
const SIZE = 200;
/** The first so many form one line, so that the network is at least this deep. */
const SPINE = 10;

/** 200 distributors: a line of ten, everyone else below an earlier one; some inactive, suspended or terminated. */
export function demoDistributors(): DemoDistributor[] {
  const random = sequence(20_261_123);
  const depths: number[] = [];
  return Array.from({ length: SIZE }, (_, index) => {
    const sponsor = index === 0 ? null : index < SPINE ? index - 1 : Math.floor(random() * Math.min(index, 120));
    const depth = sponsor === null ? 0 : (depths[sponsor] as number) + 1;
    depths.push(depth);
    const roll = random();
    const spared = index === 0 || index >= SIZE - CODES.length - 1;
    const status = spared || roll > 0.16 ? "active" : roll > 0.06 ? "inactive" : roll > 0.03 ? "suspended" : "terminated";
    return {
      line: index + 2,
      distributorId: `D${1001 + index}`,
      sponsorId: sponsor === null ? null : `D${1001 + sponsor}`,
      name: `${FIRST[Math.floor(random() * FIRST.length)]} ${LAST[Math.floor(random() * LAST.length)]}`,
      status,
      rank: RANKS[Math.min(RANKS.length - 1, Math.floor(depth / 2))] ?? null,
      country: COUNTRIES[Math.floor(random() * COUNTRIES.length)] as string,
      codes: index >= SIZE - CODES.length ? [CODES[index - (SIZE - CODES.length)] as string] : [],
      enrolledAt: new Date(Date.UTC(2024, 0, 1) + index * 86_400_000).toISOString(),
      ...(index === SIZE - CODES.length - 1 ? NINE_THOUSAND_TWELVE : {}),
    };
  });
}

/** A small generator (mulberry32): the same numbers on every machine. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Product = readonly [
  platform: PlatformName,
  sku: string,
  name: string,
  commissionClass: "standard" | "starter" | "digital",
  cv: string,
];

/** What one of each costs in the shops whose orders are drawn (`life/`): cents of EUR, whole tenths of a euro. */
const PRICES: Readonly<Record<string, number>> = {
  "KIT-STARTER": 14_900,
  "KIT-STARTER-001": 12_900,
  "COLLAGEN-JP": 5_490,
  "OUD-100": 8_900,
  "BOX-01": 9_900,
  "STK-001": 14_900,
  "SKU-BUNDLE-FIX": 11_900,
  "EBK-001": 1_490,
  "SKU-VIRT": 1_990,
};
const USUAL_PRICE = 2_990;

/** What the demo's shops sell. Left out on purpose: ROUTEINS10 and the custom line of one order, which go to quarantine. */
const PRODUCTS: readonly Product[] = [
  ["shopify", "KIT-STARTER", "Starter Kit", "starter", "50%"],
  ["shopify", "GREENS-030", "Daily Greens", "standard", "100%"],
  ["shopify", "SHAKE-VAN", "Vanilla Shake", "standard", "100%"],
  ["shopify", "GEL-50", "Aloe Gel", "standard", "100%"],
  ["shopify", "BOX-01", "Wellness Box", "standard", "80%"],
  ["shopify", "HERB-90", "Herbal Capsules", "standard", "100%"],
  ["shopify", "ROSE-SOAP", "Rose Soap", "standard", "100%"],
  ["shopify", "BALM-15", "Lip Balm", "standard", "100%"],
  ["shopify", "COLLAGEN-JP", "Collagen", "standard", "100%"],
  ["shopify", "OUD-100", "Oud", "standard", "100%"],
  ["shopify", "BARS-12", "Protein Bars", "standard", "100%"],
  ["shopify", "SERUM-30", "Serum", "standard", "100%"],
  ["shopify", "A1123", "Sample Product", "standard", "80%"],
  ["shopify", "KIT-STARTER-001", "Starter Kit 001", "standard", "80%"],
  ["woocommerce", "STK-001", "Starter Kit", "starter", "50%"],
  ["woocommerce", "GRN-030", "Daily Greens", "standard", "100%"],
  ["woocommerce", "SRM-001", "Serum", "standard", "100%"],
  ["woocommerce", "TEE-L", "Team T-Shirt L", "standard", "100%"],
  ["woocommerce", "TEE-M", "Team T-Shirt M", "standard", "100%"],
  ["woocommerce", "EBK-001", "E-Book", "digital", "100%"],
  ["magento", "SKU-SIMPLE", "Simple Product", "standard", "100%"],
  ["magento", "SKU-CONF-BLUE", "Configurable, Blue", "standard", "100%"],
  ["magento", "SKU-PART-A", "Bundle part A", "standard", "100%"],
  ["magento", "SKU-PART-B", "Bundle part B", "standard", "100%"],
  ["magento", "SKU-BUNDLE-FIX", "Fixed Bundle", "standard", "100%"],
  ["magento", "SKU-VIRT", "Virtual Product", "digital", "100%"],
];

export function demoSkus() {
  return PRODUCTS.map(([platform, sku, name, commissionClass, cv], index) => ({
    line: index + 2,
    skuId: `${platform.toUpperCase()}-${sku}`,
    platform,
    platformSku: sku,
    name,
    category: commissionClass,
    commissionClass,
    pv: cv,
    qv: cv,
    cv,
  }));
}

export const DEMO_PRICES = PRODUCTS.map(([platform, sku, name], index) => ({
  ...{ platform, sku, name },
  unitMinor: PRICES[sku] ?? USUAL_PRICE + (index % 5) * 300,
}));

/** Unilevel with standard compression over eight levels, and a retail bonus for the owner. */
export const DEMO_PLAN = {
  format: "upline-plan/1",
  id: "demo-unilevel",
  name: "Demo unilevel with compression",
  version: 1,
  timeZone: "UTC",
  rounding: "half-up",
  ownPurchase: "pays-upline",
  cvRates: { "*": "1" },
  active: { statuses: ["active"], minimumPv: "0", beforeFirstClose: "active" },
  ranks: [
    { id: "bronze", name: "Bronze", requires: {} },
    { id: "silver", name: "Silver", requires: { pv: "100" } },
    { id: "gold", name: "Gold", requires: { pv: "100", gv: { volume: "1000" } } },
    { id: "platinum", name: "Platinum", requires: { pv: "200", gv: { volume: "5000" } } },
    { id: "diamond", name: "Diamond", requires: { pv: "200", gv: { volume: "20000" } } },
  ],
  commissionClasses: [
    { id: "standard", name: "Products" },
    { id: "starter", name: "Starter kits" },
    { id: "digital", name: "Digital goods", bonuses: ["levels"] },
  ],
  bonuses: [
    {
      id: "retail",
      kind: "retail",
      name: "Retail bonus",
      pays: { mode: "percent", base: "net", rates: { "*": "0.05" } },
      ownerMustBeActive: true,
      unqualifiedEarner: "company",
      appliesTo: { buyers: ["customer"] },
    },
    {
      id: "levels",
      kind: "unilevel",
      name: "Level bonus",
      snapshot: "order",
      base: "cv",
      rates: {
        bronze: ["0.08", "0.05", "0.03"],
        silver: ["0.08", "0.05", "0.04", "0.03"],
        gold: ["0.08", "0.05", "0.04", "0.03", "0.02"],
        platinum: ["0.08", "0.05", "0.04", "0.03", "0.02", "0.02"],
        diamond: ["0.08", "0.05", "0.04", "0.03", "0.02", "0.02", "0.01", "0.01"],
      },
      levelOne: "owner",
      compression: "standard",
      unqualifiedSource: "pay-in-place",
      unqualifiedEarner: "company",
    },
  ],
} as const;

/** The same with what a close pays: for a rank that somebody reaches for the first time, and a share of all volume for leaders. */
export const DEMO_PLAN_2 = {
  ...DEMO_PLAN,
  name: "Demo unilevel with rank bonuses",
  version: 2,
  bonuses: [
    ...DEMO_PLAN.bonuses,
    {
      id: "rank-bonus",
      kind: "rank-advancement",
      name: "Rank bonus",
      snapshot: "close",
      amounts: { silver: "25.00", gold: "100.00", platinum: "250.00", diamond: "1000.00" },
      paysSkippedRanks: false,
    },
    {
      id: "leaders",
      kind: "pool",
      name: "Leaders' pool",
      snapshot: "close",
      size: { by: "share", share: "0.01" },
      units: { by: "rank", units: { gold: 1, platinum: 3, diamond: 10 } },
      withoutQualifiers: "roll-over",
    },
  ],
} as const;
