import { aliasedTable } from "drizzle-orm";
import type { Tx } from "../db/connect.ts";
import { type Listed, listed, type Sums } from "../db/query.ts";
import type { Transfer } from "../db/schema/ledger.ts";
import { orders } from "../db/schema/orders.ts";
import { signedAmount } from "../ledger/sign.ts";

/** Somebody's own sales, and what orders and closes brought them. */

interface Whose {
  readonly companyId: number;
  readonly distributorNo: number;
}

const o = aliasedTable(orders, "o");
const shown = {
  orderNo: o.orderNo,
  orderName: o.orderName,
  placedAt: o.placedAt,
  stage: o.stage,
  currency: o.currency,
  netMinor: o.netMinor,
  refundedNetMinor: o.refundedNetMinor,
  referralCode: o.referralCode,
  selfPurchase: o.selfPurchase,
};

export function listOwnOrders(
  tx: Tx,
  args: Whose & { before?: bigint | undefined; limit: number },
): Promise<Listed<typeof shown>[]> {
  const { companyId, distributorNo, before, limit } = args;
  return tx<Listed<typeof shown>[]>`
    select ${listed(tx, shown)} from orders o
     where o.company_id = ${companyId} and o.distributor_no = ${distributorNo} ${before === undefined ? tx`` : tx`and o.order_no < ${before}`}
     order by o.order_no desc limit ${limit}`;
}

export type OrderSum = Pick<Transfer, "sourceNo" | "currency"> & Sums<"amountMinor">;

/** What these orders brought somebody, by order. */
export function earnedOfOrders(tx: Tx, args: Whose & { orderNos: readonly bigint[] }): Promise<OrderSum[]> {
  return tx<OrderSum[]>`
    select t.source_no as "sourceNo", t.currency, sum(${signedAmount(tx)})::bigint as "amountMinor"
      from transfers t
     where t.company_id = ${args.companyId} and t.source_kind = 1 and t.source_no = any(${args.orderNos.map(String)}::bigint[])
       and t.distributor_no = ${args.distributorNo}
     group by t.source_no, t.currency`;
}

/** What the runs of a period brought somebody together, by bonus. */
export function sumOfPeriod(
  tx: Tx,
  args: Whose & { periodNo: number },
): Promise<(Pick<Transfer, "bonusId"> & Sums<"amountMinor">)[]> {
  return tx<(Pick<Transfer, "bonusId"> & Sums<"amountMinor">)[]>`
    select t.bonus_id as "bonusId", sum(${signedAmount(tx)})::bigint as "amountMinor"
      from transfers t join close_runs r on r.company_id = t.company_id and r.run_no = t.source_no
     where t.company_id = ${args.companyId} and t.source_kind = 2 and r.period_no = ${args.periodNo} and t.distributor_no = ${args.distributorNo}
     group by t.bonus_id order by t.bonus_id`;
}
