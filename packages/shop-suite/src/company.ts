/** The company of the suites: who sells, under whom, and what is paid. The hub is told this, and so is `worth.ts`. */

/** Level 1 is whoever's code was used. Tenths of a per cent, so that the suite's arithmetic needs no fractions. */
export const RATES_PER_MILLE = [100n, 50n, 25n] as const;

/** Everybody's sponsor. */
export const SPONSORS: Readonly<Record<string, string | null>> = {
  TOP: null,
  MID: "TOP",
  ANNA: "MID",
  BEN: "TOP",
  CARLA: "BEN",
};

export const OWNERS: Readonly<Record<string, string>> = { ANNA77: "ANNA", BEN12: "BEN", CARLA9: "CARLA" };

const NAMES: Readonly<Record<string, string>> = {
  TOP: "Theo Top",
  MID: "Mia Mid",
  ANNA: "Anna Muster",
  BEN: "Ben Kurz",
  CARLA: "Carla Weit",
};

export function distributorsCsv(): string {
  const codes = new Map(Object.entries(OWNERS).map(([code, id]) => [id, code]));
  const rows = Object.entries(SPONSORS).map(
    ([id, sponsor]) => `${id},${sponsor ?? ""},${NAMES[id]},active,seller,${codes.get(id) ?? ""},2020-01-01`,
  );
  return ["distributor_id,sponsor_id,name,status,rank,codes,enrolled_at", ...rows, ""].join("\n");
}

/** Each SKU is called the same on its platform. */
export function skusCsv(platform: string, skus: readonly string[]): string {
  const rows = skus.map((sku) => `${sku},${platform},${sku},${sku},standard,100%,100%,100%`);
  return ["sku_id,platform,platform_sku,name,commission_class,pv,qv,cv", ...rows, ""].join("\n");
}

export const PLAN = {
  format: "upline-plan/1",
  id: "e2e",
  name: "Three levels on the net",
  version: 1,
  timeZone: "UTC",
  rounding: "half-up",
  ownPurchase: "pays-upline",
  cvRates: { "*": "1" },
  active: { statuses: ["active"], minimumPv: "0", beforeFirstClose: "active" },
  ranks: [{ id: "seller", name: "Seller", requires: {} }],
  commissionClasses: [{ id: "standard", name: "Standard" }],
  bonuses: [
    {
      id: "levels",
      kind: "unilevel",
      snapshot: "order",
      base: "net",
      rates: { seller: RATES_PER_MILLE.map((rate) => String(Number(rate) / 1000)) },
      levelOne: "owner",
      compression: "none",
      unqualifiedSource: "pay-in-place",
      unqualifiedEarner: "none",
    },
  ],
};
