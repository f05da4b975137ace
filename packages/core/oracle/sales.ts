import type { CloseOrders } from "../src/period/input.ts";
import type { Plan } from "../src/plan/schema.ts";

/** Drawn sales as the columns of a close. */
export function ordersOf(
  sales: readonly {
    owner: number;
    self: boolean;
    classNo: number;
    marketNo: number;
    pv: number;
    qv: number;
    cv: number;
    net: number;
    discount: number;
    subscription: boolean;
    first: boolean;
    paid: number;
  }[],
  count: number,
  plan: Plan,
): CloseOrders {
  // So many percent of no more than the row is worth in any market and class: there CV of 500 is worth a cent at least.
  const deducted = plan.bonuses.flatMap((bonus): [string, Float64Array][] => {
    if (!("base" in bonus) || typeof bonus.base !== "object" || bonus.base.less === undefined) return [];
    const { of } = bonus.base;
    const most = (row: (typeof sales)[number]): number => (of === "net" || of === "retail" ? row.net : Math.floor(row[of] / 500));
    return [[bonus.id, Float64Array.from(sales, (row) => Math.floor((most(row) * row.paid) / 100))]];
  });
  return {
    owner: Int32Array.from(sales, ({ owner }) => owner % count),
    classNo: Uint16Array.from(sales, ({ classNo }) => classNo),
    marketNo: Uint16Array.from(sales, ({ marketNo }) => marketNo),
    markets: ["*", "DE", "US"],
    self: Uint8Array.from(sales, ({ self }) => (self ? 1 : 0)),
    pv: Float64Array.from(sales, ({ pv }) => pv),
    qv: Float64Array.from(sales, ({ qv }) => qv),
    cv: Float64Array.from(sales, ({ cv }) => cv),
    netMinor: Float64Array.from(sales, ({ net }) => net),
    retailMinor: Float64Array.from(sales, ({ net, discount }) => net + discount),
    subscription: Uint8Array.from(sales, ({ subscription }) => (subscription ? 1 : 0)),
    lessMinor: Object.fromEntries(deducted),
    openSets: [[], ["fast"]],
    openSet: Uint16Array.from(sales, ({ first }) => (first ? 1 : 0)),
  };
}
