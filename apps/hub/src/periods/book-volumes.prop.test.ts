import { runs } from "@upline/testing";
import fc from "fast-check";
import { afterAll, assert, beforeAll, expect, test } from "vitest";
import { asCompany } from "../db/connect.ts";
import { closeLedger, closeMonth, openMonth, sendOrders, setUpPeriodCompany, testPlan } from "../testing/periods.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { bookPending } from "./book-volumes.ts";
import { commitClose, supersedeClose } from "./close.ts";

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

const MINOR = 400_00;
const orders = ["A1", "A2", "A3", "A5"].map((by, i) => ({ id: `o${i}`, at: `2026-0${6 + (i % 2)}-1${i}`, by, minor: MINOR }));
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant("refund" as const), order: fc.nat(3), share: fc.integer({ min: 1, max: 100 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("book" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("close" as const) }) },
);

test("whatever happens in which order, what is booked for an order is what it stands at, and each fact counts once", async () => {
  const policies = fc.constantFrom("reverse-delta", "volume-only-next-period", "write-off");
  await fc.assert(
    fc.asyncProperty(policies, fc.array(step, { maxLength: 14 }), async (refundAfterClose, steps) => {
      const company = await setUpPeriodCompany(hub, { plan: testPlan({ refundAfterClose: refundAfterClose as "write-off" }) });
      const months = ["2026-06", "2026-07", "2026-08"];
      const open = [];
      for (const month of months) open.push(await openMonth(hub, company, month));
      await sendOrders(hub, company, orders);
      const refunded = orders.map(() => 0);
      let day = 0;
      for (const step of steps) {
        if (step.kind === "book") await bookPending(hub, company);
        else if (step.kind === "close") {
          const next = open.length > 1 ? open.shift() : undefined;
          if (next) await closeMonth(hub, company, next);
        } else {
          const left = MINOR - (refunded[step.order] as number);
          refunded[step.order] = (refunded[step.order] as number) + Math.ceil((left * step.share) / 100);
          const changed = `2026-09-${String(1 + day++).padStart(2, "0")}`;
          await sendOrders(hub, company, [
            { ...(orders[step.order] as (typeof orders)[number]), refunded: refunded[step.order] as number, changed },
          ]);
        }
      }
      await bookPending(hub, company);
      const rows = await asCompany(
        hub.db,
        company.companyId,
        (tx) => tx<{ id: string; pv: number | null }[]>`
          select o.platform_order_id as id, sum(v.pv)::float8 as pv from orders o left join volume_entries v using (company_id, order_no)
           group by 1 order by 1`,
      );
      // Booked by difference: where everything was refunded before anything was booked, there is no entry, which is to stand at nothing.
      expect(rows.map((row) => [row.id, row.pv ?? 0])).toStrictEqual(
        orders.map(({ id }, index) => [id, (MINOR - (refunded[index] as number)) * 100]),
      );
      // Once more changes nothing, and a run on the same facts posts nothing.
      expect(await bookPending(hub, company)).toStrictEqual({ orders: 0 });
      const before = await closeLedger(hub, company);
      for (const value of Object.values(before)) assert.ok(value > 0, JSON.stringify(before));
    }),
    {
      ...runs(15),
      endOnFailure: true,
      // An order that is refunded wholly before anything is booked.
      examples: [["reverse-delta", [{ kind: "refund", order: 0, share: 100 }]]],
    },
  );
});

test("a shadow run of a refund of everything leaves nobody anything from it", async () => {
  const company = await setUpPeriodCompany(hub, { plan: testPlan({ refundAfterClose: "reverse-delta" }) });
  await sendOrders(hub, company, orders);
  const june = await openMonth(hub, company, "2026-06");
  await closeMonth(hub, company, june);
  await sendOrders(
    hub,
    company,
    orders.map((order) => ({ ...order, refunded: MINOR, changed: "2026-09-01" })),
  );
  await supersedeClose(hub, {
    companyId: company.companyId,
    periodNo: june.periodNo,
    actor: "ann",
    person: "ann",
    cause: "refund",
  });
  await commitClose(hub, { companyId: company.companyId, periodNo: june.periodNo, actor: "bob", person: "bob" });
  expect(await closeLedger(hub, company)).toStrictEqual({});
});
