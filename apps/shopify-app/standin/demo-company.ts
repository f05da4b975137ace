/** The company that the stand-in's shops belong to: who sells, under whom, and what is paid. */

export const DISTRIBUTORS = `distributor_id,sponsor_id,name,status,rank,codes,enrolled_at
TOP,,Theo Top,active,seller,,2020-01-01
MID,TOP,Mia Mid,active,seller,,2020-01-01
ANNA,MID,Anna Muster,active,seller,ANNA77,2020-01-01
BEN,TOP,Ben Kurz,active,seller,BEN12,2020-01-01
CARLA,BEN,Carla Weit,active,seller,CARLA9,2020-01-01
`;

/** Sponsors of the table above, for who works amounts out by themselves. */
export const SPONSORS: Readonly<Record<string, string | null>> = { TOP: null, MID: "TOP", ANNA: "MID", BEN: "TOP", CARLA: "BEN" };
export const OWNERS: Readonly<Record<string, string>> = { ANNA77: "ANNA", BEN12: "BEN", CARLA9: "CARLA" };

/** Level 1 is whoever's code was used; tenths of a per cent of a line's net, each rounded half up. */
export const RATES_PER_MILLE: readonly bigint[] = [100n, 50n, 25n];

export const PLAN = {
  format: "upline-plan/1",
  id: "three-levels",
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
