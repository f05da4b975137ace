import type { Tx } from "../db/connect.ts";
import type { Listed } from "../db/query.ts";
import { listed } from "../db/query.ts";
import { closeRuns } from "../db/schema/close-runs.ts";
import { orders } from "../db/schema/orders.ts";
import { periods } from "../db/schema/periods.ts";
import type { EarningRow } from "./earnings-queries.ts";

/** Orders and closes that earnings came of. */

const sold = {
  orderNo: orders.orderNo,
  orderName: orders.orderName,
  placedAt: orders.placedAt,
  distributorNo: orders.distributorNo,
  referralCode: orders.referralCode,
  selfPurchase: orders.selfPurchase,
};
export type SoldOrder = Listed<typeof sold>;

const closed = { runNo: closeRuns.runNo, periodNo: periods.periodNo, name: periods.name };
export type ClosedPeriod = Listed<typeof closed>;

export interface Sources {
  readonly orders: ReadonlyMap<string, SoldOrder>;
  readonly periods: ReadonlyMap<string, ClosedPeriod>;
}

export async function readSources(
  tx: Tx,
  args: { companyId: number; rows: readonly Pick<EarningRow, "sourceKind" | "sourceNo">[] },
): Promise<Sources> {
  const { companyId, rows } = args;
  const numbers = (kind: number) => [
    ...new Set(rows.filter(({ sourceKind }) => sourceKind === kind).map(({ sourceNo }) => String(sourceNo))),
  ];
  const ofOrders = await tx<SoldOrder[]>`
    select ${listed(tx, sold)} from orders where company_id = ${companyId} and order_no = any(${numbers(1)}::bigint[])`;
  const ofCloses = await tx<ClosedPeriod[]>`
    select ${listed(tx, closed)} from close_runs
      join periods on periods.company_id = close_runs.company_id and periods.period_no = close_runs.period_no
     where close_runs.company_id = ${companyId} and close_runs.run_no = any(${numbers(2)}::bigint[])`;
  return {
    orders: new Map(ofOrders.map((order) => [String(order.orderNo), order])),
    periods: new Map(ofCloses.map((close) => [String(close.runNo), close])),
  };
}
