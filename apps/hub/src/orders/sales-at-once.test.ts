import type { Plan } from "@upline/core";
import { runs } from "@upline/testing";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asCompany } from "../db/connect.ts";
import { retryPassing } from "../db/retry.ts";
import { type PeriodCompany, sendOrders, setUpPeriodCompany, type TestOrder, testPlan } from "../testing/periods.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";
import { auditLedger } from "./audit.ts";
import { lockSales } from "./sale-queries.ts";

/**
 * Sales of one sponsor's people in several lanes at once: which of them are the sponsor's first, and a buyer's first, is what
 * the times of placing say, and never which lane wrote before the other.
 */

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

const COUNT = 2;
/** 10 % of the sponsor's first two sales stay and 30 % are the company's; 5 % besides on each buyer's first order. */
const plan = testPlan({
  bonuses: [
    {
      ...{ id: "up", kind: "pass-up", snapshot: "order", base: "net", rates: { "*": "0.40" }, kept: { "*": "0.10" } },
      ...{ count: COUNT, cascades: false, counts: "sales", to: "company" },
    },
    {
      ...{ id: "fast", kind: "fast-start", snapshot: "order", window: { kind: "first-order" }, base: "net", replaces: [] },
      ...{ rates: { "*": ["0.05"] }, compression: "none", unqualifiedEarner: "none" },
    },
  ] as unknown as Plan["bonuses"],
});
const NETWORK = [
  ["TOP", null],
  ["MID", "TOP"],
  ["FIRST", "MID"],
  ["SECOND", "MID"],
  ["THIRD", "MID"],
] as const;

async function stands({ companyId }: PeriodCompany): Promise<Record<string, number>> {
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

const drawn = fc.array(
  fc.record({
    by: fc.constantFrom("FIRST", "SECOND", "THIRD"),
    minute: fc.nat(3),
    buyer: fc.constantFrom("a", "b"),
    lane: fc.nat(3),
    void: fc.constantFrom(false, false, false, true),
  }),
  { minLength: 3, maxLength: 8 },
);
type Drawn = typeof drawn extends fc.Arbitrary<infer All> ? All : never;

const orderOf = ({ by, minute, buyer, ...sale }: Drawn[number], no: number): TestOrder => ({
  ...{ id: `s${no}`, at: `2026-06-03T10:0${minute}:00Z`, by, minor: 100_00, void: sale.void },
  buyer: [{ kind: "email", value: `${buyer}@example.net` }],
});

/** By definition, with every sale before every other. */
function owed(sales: Drawn): Record<string, number> {
  const counted = sales.map((sale, no) => ({ ...sale, id: `s${no}` })).filter((sale) => !sale.void);
  const oldestFirst = [...counted].sort((a, b) => a.minute - b.minute || (a.id < b.id ? -1 : 1));
  return Object.fromEntries(
    oldestFirst
      .flatMap((sale, place): [string, number][] => [
        ...(place < COUNT
          ? ([
              [`${sale.id} up -`, 30_00],
              [`${sale.id} up MID`, 10_00],
            ] as [string, number][])
          : ([[`${sale.id} up MID`, 40_00]] as [string, number][])),
        ...(oldestFirst.find(({ buyer }) => buyer === sale.buyer) === sale
          ? ([[`${sale.id} fast ${sale.by}`, 5_00]] as [string, number][])
          : []),
      ])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

test("property: sales of one sponsor in lanes at once come to what the times of placing say", async () => {
  await fc.assert(
    fc.asyncProperty(drawn, async (sales) => {
      const company = await setUpPeriodCompany(hub, { plan, network: NETWORK });
      const lanes = Map.groupBy(sales.map(orderOf), (_, no) => sales[no]?.lane);
      await Promise.all(
        [...lanes.values()].map((orders) => retryPassing(() => retryPassing(() => sendOrders(hub, company, orders)))),
      );
      expect(await stands(company)).toStrictEqual(owed(sales));
      const audit = await auditLedger(hub.pipeline, company.companyId);
      expect([audit.balanced, audit.differences]).toStrictEqual([true, []]);
    }),
    runs(12),
  );
});

test("a sale waits while another of the same sponsor is counted, and one of another sponsor does not", async () => {
  const company = await setUpPeriodCompany(hub, { plan, network: [...NETWORK, ["OTHER", "TOP"]] });
  const { companyId } = company;
  const [mid] = await asCompany(
    hub.db,
    companyId,
    (tx) => tx<{ no: number }[]>`select distributor_no as no from distributors where distributor_id = 'MID'`,
  );
  const waiting = async (): Promise<number> => {
    const [row] = await asCompany(
      hub.db,
      companyId,
      (tx) => tx<{ count: number }[]>`select count(*)::int as count from pg_locks where locktype = 'advisory' and not granted`,
    );
    return row?.count ?? 0;
  };
  let held: Promise<void> | null = null;
  await asCompany(hub.db, companyId, async (tx) => {
    await lockSales(tx, companyId, [mid?.no ?? 0]);
    held = sendOrders(hub, company, [{ id: "m1", at: "2026-06-03", by: "FIRST", minor: 100_00 }]);
    while ((await waiting()) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await sendOrders(hub, company, [{ id: "o1", at: "2026-06-03", by: "OTHER", minor: 100_00 }]);
    expect(Object.keys(await stands(company))).toStrictEqual(["o1 up -", "o1 up TOP"]);
  });
  await held;
  expect(Object.keys(await stands(company))).toStrictEqual(["m1 up -", "m1 up MID", "o1 up -", "o1 up TOP"]);
});
