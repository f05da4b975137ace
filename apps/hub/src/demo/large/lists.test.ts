import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asCompany, type Tx } from "../../db/connect.ts";
import { type DeliveryFilter, type DeliverySummary, listDeliveries } from "../../inbox/delivery-queries.ts";
import type { MemberSearch } from "../../network/network.ts";
import { type DistributorView, readDistributors } from "../../network/queries.ts";
import { type CommissionFilter, type EntrySum, listEntrySums } from "../../orders/commission-queries.ts";
import { listOrders, type OrderFilter, type OrderSummary } from "../../orders/queries.ts";
import { openTestParts, type TestParts } from "../../testing/test-parts.ts";
import { makeLarge } from "./main.ts";
import { distributorIdOf } from "./network.ts";
import type { LargeCompany } from "./order-lives.ts";

/** Lists that go by indexes show what a plain look through all rows finds: each filter, each two of them, page by page. */

let parts: TestParts;
let company: LargeCompany;
beforeAll(async () => {
  parts = await openTestParts();
  company = await makeLarge(parts, { distributors: 300, orders: 700 }, () => {});
  await leaveSomeWaiting();
}, 120_000);
afterAll(() => parts.close());

/** Above the floor, and below it for another attempt; one that is done has an attempt left over. */
async function leaveSomeWaiting(): Promise<void> {
  const owner = postgres(parts.db.url, { max: 1, onnotice: () => {} });
  await owner`delete from inbox_outcomes where delivery_id in (5, 9, 401)`;
  await owner`
    insert into inbox_retries (company_id, delivery_id, attempts, next_attempt_at, error)
    select ${company.companyId}, no, 1, now(), 'busy' from unnest(array[5, 9, 401, 13]::bigint[]) no`;
  await owner`
    insert into inbox (company_id, store_id, topic, sealed) select company_id, store_id, topic, sealed from inbox order by delivery_id limit 3`;
  await owner.end();
}

const read = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => asCompany(parts.db, company.companyId, work);

interface Listed<Row, Filter> {
  readonly list: (tx: Tx, args: Filter & { companyId: number; before?: bigint | undefined; limit: number }) => Promise<Row[]>;
  readonly cursorOf: (row: Row) => bigint;
  /** Each filter, and whether a row passes it. */
  readonly filters: readonly (readonly [Filter, (row: Row) => boolean])[];
}

async function expectSame<Row, Filter extends object>({ list, cursorOf, filters }: Listed<Row, Filter>): Promise<void> {
  const { companyId } = company;
  const all = await read((tx) => list(tx, { companyId, limit: 10_000 } as Parameters<typeof list>[1]));
  expect(all.length).toBeGreaterThan(600);
  const pairs = filters.flatMap(([a, passesA], index) =>
    filters
      .slice(index)
      .filter(([b]) => a === b || Object.keys(a)[0] !== Object.keys(b)[0])
      .map(([b, passesB]) => [{ ...a, ...b }, (row: Row) => passesA(row) && passesB(row)] as const),
  );
  for (const [filter, passes] of pairs) {
    const expected = all.filter(passes).map(cursorOf);
    const shown: bigint[] = [];
    for (let before: bigint | undefined; ; ) {
      const page = await read((tx) => list(tx, { companyId, before, limit: 90, ...filter } as Parameters<typeof list>[1]));
      shown.push(...page.map(cursorOf));
      if (page.length < 90) break;
      before = shown.at(-1);
    }
    expect(shown, Object.entries(filter).join(" ")).toStrictEqual(expected);
  }
}

const either = <Row, Filter>(filter: Filter, passes: (row: Row) => boolean) => [filter, passes] as const;

describe("a list finds by its indexes what is there", () => {
  it("of orders", async () => {
    const shop = company.shops[0]?.storeId ?? "";
    const [middle] = await read((tx) => listOrders(tx, { companyId: company.companyId, before: 300n, limit: 1 }));
    const since = middle?.updatedAt ?? new Date();
    const is = either<OrderSummary, OrderFilter>;
    await expectSame<OrderSummary, OrderFilter>({
      list: listOrders,
      cursorOf: (row) => row.orderNo,
      filters: [
        is({ storeId: shop }, (row) => row.storeId === shop),
        is({ storeId: "st_none" }, () => false),
        is({ platform: "magento" }, (row) => row.platform === "magento"),
        is({ platformOrderId: "100007" }, (row) => row.platformOrderId === "100007"),
        is({ stage: "void" }, (row) => row.stage === "void"),
        is({ stage: "earned" }, (row) => row.stage === "earned"),
        is({ distributorId: distributorIdOf(3) }, (row) => row.distributorId === distributorIdOf(3)),
        is({ distributorId: "nobody" }, () => false),
        is({ unresolved: true }, (row) => row.unresolved),
        is({ unresolved: false }, (row) => !row.unresolved),
        is({ quarantined: true }, (row) => row.quarantinedLines > 0),
        is({ quarantined: false }, (row) => row.quarantinedLines === 0),
        is({ since }, (row) => row.updatedAt >= since),
      ],
    });
  });

  it("of deliveries", async () => {
    const shop = company.shops[1]?.storeId ?? "";
    const is = either<DeliverySummary, DeliveryFilter>;
    const since = new Date("2026-05-01T00:00:00Z");
    await expectSame<DeliverySummary, DeliveryFilter>({
      list: listDeliveries,
      cursorOf: (row) => row.deliveryId,
      filters: [
        is({ storeId: shop }, (row) => row.storeId === shop),
        is({ outcome: "applied" }, (row) => row.outcome === "applied"),
        is({ outcome: "duplicate" }, (row) => row.outcome === "duplicate"),
        is({ outcome: "waiting" }, (row) => row.outcome === null),
        is({ orderNo: 20n }, (row) => row.orderNo === 20n),
        is({ since }, (row) => row.receivedAt >= since),
      ],
    });
    const waiting = await read((tx) => listDeliveries(tx, { companyId: company.companyId, outcome: "waiting", limit: 10 }));
    expect(waiting.map(({ deliveryId }) => deliveryId)).toStrictEqual([2803n, 2802n, 2801n, 401n, 9n, 5n]);
  });

  it("of commissions, page by page", async () => {
    const { companyId } = company;
    const all = await read((tx) => listEntrySums(tx, { companyId, limit: 10_000 }));
    expect(all.length).toBeGreaterThan(1_500);
    const keyOf = ({ orderNo, entryKey }: EntrySum) => `${orderNo} ${entryKey}`;
    const filters: readonly (readonly [CommissionFilter, (sum: EntrySum) => boolean])[] = [
      [{}, () => true],
      [{ distributorId: null }, (sum) => sum.distributorId === null],
      [{ distributorId: distributorIdOf(2) }, (sum) => sum.distributorId === distributorIdOf(2)],
      [{ distributorId: "nobody" }, () => false],
      [{ orderNo: 77n }, (sum) => sum.orderNo === 77n],
      [{ orderNo: 77n, distributorId: null }, (sum) => sum.orderNo === 77n && sum.distributorId === null],
    ];
    for (const [filter, passes] of filters) {
      const shown: EntrySum[] = [];
      for (let before: EntrySum | undefined; ; before = shown.at(-1)) {
        const page = await read((tx) => listEntrySums(tx, { companyId, before, limit: 33, ...filter }));
        shown.push(...page);
        if (page.length < 33) break;
      }
      expect(shown.map(keyOf), Object.entries(filter).join(" ")).toStrictEqual(all.filter(passes).map(keyOf));
    }
    // The whole list is in its order, and has each of the ledger's entries.
    const orders = all.map(({ orderNo }) => Number(orderNo));
    expect(orders).toStrictEqual(orders.toSorted((a, b) => b - a));
    const [entries] = await read(
      (tx) => tx`select count(distinct (source_no, entry_key))::int as count from transfers where source_kind = 1`,
    );
    expect(new Set(all.map(keyOf)).size).toBe(entries?.count);
  });

  it("of distributors, from memory as from the rows", async () => {
    const { companyId } = company;
    const { network } = await parts.pipeline.directories.fresh(companyId);
    const everybody = Array.from({ length: 300 }, (_, index) => 300 - index);
    const filters: readonly (readonly [Partial<MemberSearch>, (row: DistributorView) => boolean])[] = [
      [{}, () => true],
      [{ status: "active" }, (row) => row.status === "active"],
      [{ status: "terminated" }, (row) => row.status === "terminated"],
      [{ rank: "silver" }, (row) => row.rank === "silver"],
      [{ rank: "emperor" }, () => false],
      [{ country: "JP" }, (row) => row.country === "JP"],
      [{ sponsor: 2 }, (row) => row.sponsorId === distributorIdOf(2)],
      [{ only: 207 }, (row) => row.distributorNo === 207],
      [{ before: 150 }, (row) => row.distributorNo < 150],
    ];
    for (const at of ["2019-01-01", "2026-01-20", "2026-10-01"].map((text) => new Date(text))) {
      const rows = await read((tx) => readDistributors(tx, { companyId, at, numbers: everybody }));
      expect(rows.map(({ distributorNo }) => distributorNo)).toStrictEqual(everybody);
      for (const [a, passesA] of filters)
        for (const [b, passesB] of filters) {
          if (a !== b && Object.keys(a)[0] === Object.keys(b)[0]) continue;
          const found = network.search({ at: at.getTime(), limit: 40, ...a, ...b });
          const expected = rows.filter((row) => passesA(row) && passesB(row)).slice(0, 40);
          expect(found, `${at.toISOString()} ${JSON.stringify({ ...a, ...b })}`).toStrictEqual(
            expected.map(({ distributorNo }) => distributorNo),
          );
        }
    }
  });
});
