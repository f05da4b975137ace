import type { Plan } from "@upline/core";
import { runs } from "@upline/testing";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asCompany } from "../db/connect.ts";
import {
  closeLedger,
  closeMonth,
  openMonth,
  type PeriodCompany,
  sendOrders,
  setUpPeriodCompany,
  type TestOrder,
  testPlan,
} from "../testing/periods.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { commitClose, supersedeClose } from "./close.ts";

/**
 * Under reverse-delta a refund after a close comes to what would have been paid if it had come before: of order-time bonuses
 * by tables of every kind, and of what a close computes on what they left. Nothing here goes by a rank of that close: ranks
 * that were paid stand.
 */

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

const levels = (id: string, rates: object, more: object = {}): object => ({
  ...{ id, kind: "unilevel", snapshot: "order", base: "cv", rates, levelOne: "sponsor", compression: "none" },
  ...{ unqualifiedSource: "pay-in-place", unqualifiedEarner: "company", ...more },
});
const bySize = { by: "order-size", of: "pv", rows: [150, 300].map((from, no) => ({ from: String(from), row: `0.0${no + 4}` })) };
const byOwn = {
  by: "measure",
  measure: "own",
  applies: "whole",
  rows: [0, 200].map((from) => ({ from: String(from), row: ["0.03"] })),
};
const MODES = [
  levels("rank", { "*": ["0.02"], silver: ["0.05", "0.03"] }),
  levels("title", { by: "title", rows: { "*": ["0.02"], silver: ["0.06", "0.01"] } }),
  levels("measure", byOwn),
  levels("source", { by: "source-rank", rows: { "*": ["0.01", "0.01"], bronze: ["0.07"] } }),
  levels("leg", { by: "leg-rank", rows: { "*": ["0.01", "0.02"], silver: ["0.03", "0.04"] } }),
  levels("opened", { "*": ["0.02", "0.02"] }, { opens: { measure: "own", levels: [{ from: "200", upTo: 2 }] } }),
  levels("size", { ...bySize, rows: bySize.rows.map(({ from, row }) => ({ from, row: [row] })) }),
  {
    ...{ id: "profit", kind: "retail", pays: { mode: "percent", base: "net", rates: bySize } },
    ...{ ownerMustBeActive: false, unqualifiedEarner: "none" },
  },
  {
    ...{ id: "kit", kind: "reward", snapshot: "order", for: { kind: "per-item" }, levelOne: "sponsor" },
    amounts: { by: "class", rows: { products: ["3.33", "1.11"] } },
  },
  levels("left", { "*": ["0.10"] }, { base: { of: "net", less: ["profit", "kit"] } }),
];
const plan = testPlan({
  measures: { own: { what: "pv" } },
  refundAfterClose: "reverse-delta",
  bonuses: [...MODES, levels("late", { "*": ["0.05"] }, { snapshot: "close", base: { of: "net", less: ["profit"] } })],
} as unknown as Partial<Plan>);

async function atOrders({ companyId }: PeriodCompany): Promise<Record<string, number>> {
  const rows = await asCompany(
    hub.db,
    companyId,
    (tx) => tx<{ key: string; amount: number }[]>`
      select o.platform_order_id || ' ' || split_part(l.entry_key, ':', 1) || ' ' || coalesce(l.distributor_id, '-') as key,
             sum(l.amount_minor)::int as amount
        from ledger l join orders o on o.company_id = l.company_id and o.order_no = l.source_no
       where l.source_kind = 1 group by 1 having sum(l.amount_minor) <> 0 order by 1`,
  );
  return Object.fromEntries(rows.map(({ key, amount }) => [key, amount]));
}

const BUYERS = ["A2", "A3", "A5", "B1", "B2"] as const;
const sale = fc.record({
  by: fc.constantFrom(...BUYERS),
  minor: fc.integer({ min: 100_00, max: 400_00 }),
  back: fc.oneof(fc.constant(0), fc.constant(1), fc.double({ min: 0.01, max: 0.99, noNaN: true })),
  pieces: fc.integer({ min: 1, max: 3 }),
});
const ordersOf = (sales: readonly { by: string; minor: number; pieces: number }[], month: string): TestOrder[] =>
  sales.map(({ by, minor, pieces }, no) => ({ id: `${month}-${no}`, at: `2026-${month}-0${no + 1}`, by, minor, pieces }));

test("property: a refund after the close comes to what it would have come to before it, whatever tables go by", async () => {
  const reached = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.array(sale, { minLength: 3, maxLength: 6 }),
      fc.array(sale, { minLength: 3, maxLength: 6 }),
      async (may, june) => {
        const orders = ordersOf(june, "06");
        const refunds = orders.flatMap((order, no): TestOrder[] => {
          const refunded = Math.floor(order.minor * (june[no]?.back ?? 0));
          return refunded === 0 ? [] : [{ ...order, refunded }];
        });
        const begin = async (): Promise<PeriodCompany> => {
          const company = await setUpPeriodCompany(hub, { plan });
          await sendOrders(hub, company, ordersOf(may, "05"));
          await closeMonth(hub, company, await openMonth(hub, company, "2026-05"));
          await sendOrders(hub, company, orders);
          return company;
        };
        const [late, early] = [await begin(), await begin()];
        await sendOrders(
          hub,
          early,
          refunds.map((order) => ({ ...order, changed: "2026-06-20" })),
        );
        await closeMonth(hub, early, await openMonth(hub, early, "2026-06"));

        const period = await openMonth(hub, late, "2026-06");
        await closeMonth(hub, late, period);
        await sendOrders(
          hub,
          late,
          refunds.map((order) => ({ ...order, changed: "2026-07-05" })),
        );
        if (refunds.length > 0) {
          const act = { companyId: late.companyId, periodNo: period.periodNo };
          await supersedeClose(hub, { ...act, actor: "ann", person: "ann", cause: "refund" });
          await commitClose(hub, { ...act, actor: "bob", person: "bob" });
        }
        const found = await atOrders(late);
        expect(found).toStrictEqual(await atOrders(early));
        expect(await closeLedger(hub, late)).toStrictEqual(await closeLedger(hub, early));
        for (const key of Object.keys(found)) if (key.startsWith("06")) reached.add(key.split(" ")[1] as string);
      },
    ),
    runs(6),
  );
  expect([...reached].sort()).toStrictEqual(MODES.map((mode) => (mode as { id: string }).id).sort());
});
